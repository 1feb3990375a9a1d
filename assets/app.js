// What pages do in the browser beside React: forms, toasts, preferences, the composer, the thread.
// Everything hangs on data attributes and on events that bubble to the document, so it works from
// the first paint on, and survives whatever React renders anew.
(() => {
  "use strict";
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      if (value === null || value === "") localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Private windows may refuse; the page works without.
    }
  };
  const say = {
    network: ["The server cannot be reached. Check the connection and try again.", "No se puede llegar al servidor. Revisa la conexión y prueba otra vez."],
    failed: ["That did not work. Try again in a moment.", "No ha funcionado. Prueba de nuevo en un momento."],
    copied: ["Copied", "Copiado"],
  };
  const text = (key) => say[key][root.lang === "en" ? 0 : 1];

  // --- Toasts -----------------------------------------------------------------------------

  function toast(message) {
    const place = find("#toasts");
    if (!place || !message) return;
    const bubble = document.createElement("p");
    bubble.className = "arrives toast";
    bubble.textContent = message;
    place.append(bubble);
    setTimeout(() => bubble.remove(), Math.max(4500, message.length * 70));
  }

  // For the other scripts of these pages.
  window.loveChat = { toast, text };

  // --- Preferences ------------------------------------------------------------------------

  const remember = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  };

  async function chooseLanguage(code) {
    if (code === root.lang) return;
    remember("language", code);
    if (find("[data-member]")) await send("/web/me", "PATCH", { language: code }).catch(() => null);
    location.reload();
  }

  const markLanguage = () =>
    all("[data-language]").forEach((button) => button.setAttribute("aria-pressed", `${button.dataset.language === root.lang}`));

  // --- Requests and forms -------------------------------------------------------------------

  const send = (address, method, body) =>
    fetch(address, {
      method,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "Accept-Language": root.lang },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  // Where somebody was going before they had to log in. Only paths of our own.
  function destination(otherwise) {
    const next = new URLSearchParams(location.search).get("next") || "";
    return /^\/(?![\/\\])[\w\-./]*$/.test(next) ? next : otherwise;
  }

  function showMistake(form, name, message) {
    const line = find(`[data-error-for="${name}"]`, form);
    const input = form.elements.namedItem(name);
    if (line) line.textContent = message;
    if (input instanceof Element) {
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    return Boolean(line);
  }

  const showFormError = (form, message) => {
    const place = find("[data-form-error]", form);
    if (place) place.textContent = message;
    else if (message) toast(message);
  };

  const expectation = (form, name) => find(`[data-error-for="${name}"]`, form)?.dataset.says || text("failed");

  function checkLocally(form) {
    let first = null;
    for (const input of form.elements) {
      if (!input.name || !input.willValidate) continue;
      const good = input.validity.valid;
      showMistake(form, input.name, good ? "" : expectation(form, input.name));
      if (!good && !first) first = input;
    }
    first?.focus();
    return !first;
  }

  function values(form) {
    const body = {};
    for (const [name, value] of new FormData(form)) body[name] = value;
    if (form.dataset.post === "/web/signup") body.language = root.lang;
    return body;
  }

  async function submit(form) {
    if (form.ariaBusy === "true") return;
    showFormError(form, "");
    if (!checkLocally(form)) return;
    const button = find("[type=submit]", form);
    form.ariaBusy = "true";
    if (button) button.disabled = true;
    let answer = null;
    try {
      answer = await send(form.dataset.post, form.dataset.method, values(form));
    } catch {
      showFormError(form, text("network"));
    }
    form.ariaBusy = "false";
    if (button) button.disabled = false;
    if (answer) await answered(form, answer);
  }

  async function answered(form, answer) {
    if (answer.ok) {
      if (form.dataset.ends === "session") forgetPerson();
      if (form.dataset.next) return location.assign(destination(form.dataset.next));
      all("input[type=password]", form).forEach((input) => (input.value = ""));
      if (form.dataset.done) toast(form.dataset.done);
      form.closest("dialog")?.close();
      return form.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
    }
    const problem = await answer.json().catch(() => ({}));
    let focused = false;
    for (const error of problem.errors ?? []) {
      const name = error.field.split(".").pop();
      if (showMistake(form, name, expectation(form, name)) && !focused) {
        form.elements.namedItem(name)?.focus();
        focused = true;
      }
    }
    if (!focused) showFormError(form, (answer.status === 401 && form.dataset.refused) || problem.detail || text("failed"));
  }

  // --- The session across tabs ----------------------------------------------------------------

  // Drafts are a person's words, so they go when the person does.
  function forgetPerson() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing was kept then.
    }
    write("left", `${Date.now()}`);
  }

  // With `goes` it is another sign-in than the person's that ends, and theirs is left alone.
  async function leave(address, method, goes) {
    try {
      const answer = await send(address, method);
      if (!answer.ok) return toast(text("failed"));
    } catch {
      return toast(text("network"));
    }
    if (!goes) forgetPerson();
    location.assign(goes || "/");
  }

  addEventListener("storage", (event) => {
    if (event.key === "left" && event.newValue && find("[data-member]")) location.assign("/login");
  });

  // --- Clicks -----------------------------------------------------------------------------------

  const clicks = {
    language: (button) => chooseLanguage(button.dataset.language),
    reveals: (button) => {
      const input = document.getElementById(button.dataset.reveals);
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", `${!shown}`);
      button.textContent = shown ? button.dataset.labelOff : button.dataset.labelOn;
    },
    opens: (button) => {
      const dialog = document.getElementById(button.dataset.opens);
      if (!dialog || dialog.open) return;
      // One dialog at a time: the one that led here closes, and the focus later returns behind both.
      button.closest("dialog")?.close();
      dialog.showModal();
    },
    closes: (button) => button.closest("dialog")?.close(),
    leaves: (button) => leave(button.dataset.leaves, button.dataset.method || "DELETE", button.dataset.goes),
    copies: async (button) => {
      const source = document.getElementById(button.dataset.copies);
      try {
        await navigator.clipboard.writeText(source?.dataset.source ?? source?.innerText ?? "");
        toast(text("copied"));
      } catch {
        toast(text("failed"));
      }
    },
    toLatest: () => thread.toEnd(true),
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    // A click on the veil around a dialog closes it.
    if (target instanceof HTMLDialogElement) return target.close();
    const link = target.closest("a[href]");
    if (link?.closest("dialog.drawer")) link.closest("dialog").close();
    if (link?.dataset.keepsNext && location.search) {
      event.preventDefault();
      event.stopPropagation();
      return location.assign(link.getAttribute("href") + location.search);
    }
    if (link?.dataset.native) {
      event.stopPropagation();
      return undefined;
    }
    for (const name of Object.keys(clicks)) {
      const holder = target.closest(`[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`);
      if (holder) clicks[name](holder);
    }
    return undefined;
  }, true);

  document.addEventListener("submit", (event) => {
    if (event.target.dataset?.closesAfter) event.target.closest("dialog")?.close();
    if (!event.target.dataset?.post) return;
    event.preventDefault();
    submit(event.target);
  });

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.form?.dataset.post && input.getAttribute("aria-invalid") && input.validity.valid) {
      showMistake(input.form, input.name, "");
    }
  });

  // --- Connection --------------------------------------------------------------------------------

  let lostSince = 0;
  function showConnection() {
    const banner = find("#offline");
    if (!banner) return;
    const lost = !navigator.onLine || banner.dataset.lost === "true";
    if (!lost) lostSince = 0;
    else if (!lostSince) lostSince = Date.now();
    // A reload of the page looks like a lost socket for a moment. What is shown stays until all is well.
    banner.hidden = !lost || (banner.hidden && navigator.onLine && Date.now() - lostSince < 1500);
    if (lost && banner.hidden) setTimeout(showConnection, 1600);
  }
  addEventListener("online", showConnection);
  addEventListener("offline", showConnection);

  // --- The composer --------------------------------------------------------------------------------

  // Text leaves the composer only when the server has confirmed it; until then it is also a draft.
  const composer = {
    box: null,
    conversation: "",
    sent: "",
    timer: 0,

    look() {
      const box = find("textarea[data-composer]");
      if (!box) {
        this.box = null;
        return;
      }
      const { conversation, sent } = box.form.dataset;
      if (box !== this.box || conversation !== this.conversation) {
        // Written before the page knew its conversation: it stays, behind the draft if there is one.
        const early = box !== this.box || !this.conversation ? box.value : "";
        const draft = (conversation && read(`draft:${conversation}`)) || "";
        this.box = box;
        this.conversation = conversation;
        this.sent = sent;
        box.value = early.startsWith(draft) ? early : draft + early;
        if (early) this.keep();
        this.release();
        this.fit();
        if (matchMedia("(pointer: fine)").matches && document.activeElement === document.body) box.focus();
      } else if (sent !== this.sent) {
        this.sent = sent;
        if (box.form.dataset.taken === "true") {
          box.value = "";
          write(`draft:${conversation}`, null);
          thread.toEnd(false);
        }
        this.release();
        this.fit();
        if (matchMedia("(pointer: fine)").matches) box.focus();
      }
    },
    fit() {
      const box = this.box;
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight * 0.36)}px`;
      const count = find("#composer-room");
      const room = box.maxLength - box.value.length;
      if (count) count.textContent = room <= 200 ? `${room}` : "";
    },
    keep() {
      if (this.conversation) write(`draft:${this.conversation}`, this.box.value);
    },
    hold() {
      this.box.readOnly = true;
      clearTimeout(this.timer);
      // No answer for so long means no connection: the text is the person's again.
      this.timer = setTimeout(() => this.release(), 10000);
    },
    release() {
      clearTimeout(this.timer);
      if (this.box) this.box.readOnly = false;
    },
  };

  document.addEventListener("input", (event) => {
    if (event.target !== composer.box) return;
    composer.keep();
    composer.fit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== composer.box || event.key !== "Enter") return;
    // 229 is Safari's Enter that only ends an IME's word.
    if (event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (event.repeat) return event.preventDefault();
    event.preventDefault();
    composer.box.form.requestSubmit();
    return undefined;
  });
  // Before React sees it: an empty or second submit goes nowhere, and none leaves without a connection.
  document.addEventListener("submit", (event) => {
    const box = composer.box;
    if (!box || event.target !== box.form) return;
    const lost = !navigator.onLine || find("#offline")?.dataset.lost === "true";
    if (!box.value.trim() || box.readOnly || lost || box.form.dataset.pending === "true") {
      event.preventDefault();
      event.stopPropagation();
      if (lost) toast(text("network"));
      return;
    }
    setTimeout(() => composer.hold(), 0);
  }, true);

  // --- The thread ------------------------------------------------------------------------------------

  const NEAR = 96;
  const thread = {
    box: null,
    stuck: true,
    first: "",
    height: 0,
    room: 0,
    last: "",

    look() {
      const box = find("[data-thread]");
      if (!box) {
        this.box = null;
        return;
      }
      if (box !== this.box) {
        this.box = box;
        this.stuck = true;
        this.first = "";
        box.addEventListener("scroll", () => this.scrolled(), { passive: true });
        new ResizeObserver(() => {
          this.room = box.clientHeight;
          if (this.stuck) this.toEnd(false);
        }).observe(box);
        older.disconnect();
      }
      const messages = box.querySelectorAll("[data-message]");
      const first = messages[0]?.dataset.message ?? "";
      const last = messages[messages.length - 1]?.dataset.message ?? "";
      const another = box.dataset.conversation !== this.conversation;
      this.conversation = box.dataset.conversation;
      if (another || !this.first) {
        this.stuck = true;
      } else if (box.scrollHeight === this.height && box.clientHeight === this.room) {
        // Somebody may have scrolled whose event has not come yet: that is not undone.
        this.scrolled();
      } else if (first !== this.first && last === this.last && !this.stuck) {
        // Older messages came in above: what is being read stays where it is.
        box.scrollTop += box.scrollHeight - this.height;
      }
      this.first = first;
      this.last = last;
      if (this.stuck) this.toEnd(false);
      else if (box.scrollHeight > this.height + 4 && first === this.before) this.pill(true);
      this.before = first;
      this.height = box.scrollHeight;
      const more = find("[data-load-older]", box);
      if (more && more !== this.more) this.watch(more);
      this.more = more;
    },
    watch(more) {
      older.disconnect();
      older.observe(more);
    },
    scrolled() {
      if (!this.box) return;
      const { scrollHeight, scrollTop, clientHeight } = this.box;
      const before = this.stuck;
      this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
      if (this.stuck) this.pill(false);
      // It may have come into sight before it was known that somebody reads upwards.
      else if (before && this.more) this.watch(this.more);
    },
    toEnd(smoothly) {
      if (!this.box) return;
      this.stuck = true;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.box.scrollTo({ top: this.box.scrollHeight, behavior: smoothly && !calm ? "smooth" : "instant" });
      this.pill(false);
    },
    pill(shown) {
      const pill = find("[data-to-latest]");
      if (pill) pill.hidden = !shown;
    },
  };
  const older = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && !thread.stuck) entries[0].target.click();
  }, { rootMargin: "200px" });

  // --- What the server says in passing, and everything that appears later ---------------------

  // After a form has been sent, what it changed is read anew.
  document.addEventListener("sent", (event) => document.getElementById(event.target.dataset.refreshes)?.click());

  // A reload brings the last notice once more; what this tab has heard it does not say again.
  let heard = sessionStorage.getItem("heard") ?? "0";
  function hear() {
    const notice = find("#notice");
    if (!notice || notice.dataset.serial === heard) return;
    if (notice.dataset.serial === "0") return;
    heard = notice.dataset.serial;
    sessionStorage.setItem("heard", heard);
    toast(notice.textContent);
  }

  function look() {
    hear();
    markLanguage();
    showConnection();
    composer.look();
    thread.look();
  }
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ["data-serial", "data-lost", "data-sent", "data-conversation", "data-pending"],
  });
  look();
})();
