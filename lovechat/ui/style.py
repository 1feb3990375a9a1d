"""Shared class names: one name for each thing that looks the same everywhere."""

PRESSABLE = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-full px-5 text-[15px] font-semibold "
    "transition-colors duration-150 disabled:opacity-60 no-underline select-none"
)
PRIMARY = f"{PRESSABLE} bg-wine text-on-wine hover:bg-wine-deep"
QUIET = f"{PRESSABLE} border border-edge bg-transparent text-ink hover:bg-blush"
PLAIN = f"{PRESSABLE} bg-transparent text-ink hover:bg-blush"
DANGER = f"{PRESSABLE} border border-alarm bg-transparent text-alarm hover:bg-blush"
ICON = (
    "inline-flex size-11 shrink-0 items-center justify-center rounded-full text-ink "
    "transition-colors duration-150 hover:bg-blush"
)
LINK = "font-medium text-wine underline underline-offset-4 hover:text-wine-deep"
INPUT = (
    "block min-h-12 w-full rounded-[10px] border border-edge bg-card px-3.5 py-2.5 text-base text-ink "
    "placeholder:text-muted aria-invalid:border-alarm aria-invalid:border-2"
)
CARD = "rounded-2xl border border-line bg-card"
TITLE = "font-display text-[34px] leading-[1.12] font-normal tracking-[-0.01em] text-balance"
HEADING = "font-display text-[26px] leading-tight font-normal text-balance"
SUBHEADING = "font-display text-xl font-medium leading-snug"
HELP = "text-[15px] leading-relaxed text-muted"
