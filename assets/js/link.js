// A link that a model wrote. Imported by the compiled pages.
import { createElement } from "react";

// It opens elsewhere and tells nobody where from; what is no address of the web stays plain text.
export function OutwardLink({ href, children }) {
  if (!/^(https?:\/\/|mailto:)/i.test(href ?? "")) return createElement("span", null, children);
  const className = "font-medium text-wine underline underline-offset-4";
  return createElement("a", { href, target: "_blank", rel: "noopener noreferrer nofollow ugc", className }, children);
}
