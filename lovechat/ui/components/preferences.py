"""Language and theme, for the browser that shows the page."""

import reflex as rx
from reflex_base.style import set_color_mode

from lovechat.ui.i18n import t

LANGUAGE_NAMES = (("es", "Español"), ("en", "English"))


def language_switch(class_name: str = "") -> rx.Component:
    """Two buttons; the page comes anew in the chosen language."""
    return rx.el.div(
        *(
            rx.el.button(
                rx.el.span(name, class_name="max-sm:sr-only"),
                rx.el.span(code.upper(), aria_hidden="true", class_name="sm:hidden"),
                type="button",
                lang=code,
                custom_attrs={"data-language": code},
                class_name=(
                    "min-h-11 min-w-11 rounded-full px-3 text-[15px] text-muted hover:text-ink "
                    "aria-pressed:font-semibold aria-pressed:text-ink aria-pressed:underline "
                    "aria-pressed:underline-offset-4 aria-pressed:decoration-wine aria-pressed:decoration-2"
                ),
            )
            for code, name in LANGUAGE_NAMES
        ),
        role="group",
        aria_label=t("preferences.language"),
        class_name=f"flex {class_name}",
    )


def theme_switch(class_name: str = "") -> rx.Component:
    """Light, dark, or as the device does."""
    return rx.el.div(
        *(
            rx.el.button(
                t(f"preferences.theme.{mode}"),
                type="button",
                on_click=set_color_mode(mode),
                custom_attrs={"data-theme": mode},
                aria_pressed=rx.cond(rx.color_mode == mode, "true", "false"),
                class_name=(
                    "min-h-11 flex-1 rounded-full px-4 text-[15px] aria-pressed:bg-wine aria-pressed:text-on-wine "
                    "aria-pressed:font-semibold"
                ),
            )
            for mode in ("system", "light", "dark")
        ),
        role="group",
        aria_label=t("preferences.theme"),
        class_name=f"flex rounded-full border border-edge p-1 {class_name}",
    )
