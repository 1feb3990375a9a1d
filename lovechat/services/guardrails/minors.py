"""Who in a text is a minor, and in which role.

A word alone decides nothing: "my son is eight" is family, "you are eight" is a role. The
role is read from what stands right before the age or the child, within one sentence.
Expects the `digits` track of `normalize`. Every quantifier is bounded, so time is linear.
"""

import re
from enum import StrEnum


class Role(StrEnum):
    """The part that a minor has in a text, strongest last."""

    NONE = "none"
    MENTION = "mention"
    PARTICIPANT = "participant"
    SPEAKER = "speaker"


ADULT_AGE = 18

_NUMBERS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16,
    "diecisiete": 17, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17,
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
# "once" is eleven in Spanish and an everyday word in English.
_ELEVEN = re.compile(r"\bonce(?= (?:año|añito))")

_DIGIT = re.compile(r"\d")
_AGE = r"(?P<age>\d{1,2})(?![\d'’%:/]|[.,]\d)"
_YEARS = r"(?: ?(?:años?|añitos?)(?: de edad)?| ?-? ?(?:years?|yrs?)(?: ?-? ?old)?| ?(?:yo|y ?/ ?o))\b"
# What may follow a bare age: the end, a pause, or a word that begins another thought.
_PAUSE = (
    r"(?= ?(?:$|[.,;!?()…\n]|-(?!\d)|(?:and(?! a half)|but|so|btw|lol|y|pero|asi|if|is that|si|haha|jaja)\b))"
)
# "tengo 15 años de casado", "15 años viviendo aquí", "15 years sober": a span, not an age.
_NOT_A_SPAN = (
    r"(?! (?:de (?!edad)\w{2,20}|\w{2,20}[aei]ndo\b|casad|con|en|sin|como|mas|menos|juntos|aqui"
    r"|experience|of|sober|clean|older|younger|into|in|ago|together|married|away|left|later|with|at))"
)
# "you look 10 years younger", "parece 10 veces más grande"
_NOT_A_COMPARISON = r"(?! ?(?:(?:years?|yrs?|años?) (?:younger|older|menos|mas)|times|veces)\b)"
# Words under which the same sentence is memory, wish or quotation.
_DISTANT = re.compile(
    r"\b(?:when|if|wish|as though|as if|feel like|felt like|back when|since i was|cuando|ojala|como si|si yo"
    r"|says?|said|told|dice|dijo|not|no|never|nunca|was|era|tenia)\b[^.!?\n]{0,30}$"
)

_SPEAKER = [
    re.compile(rf"\b(?:i am|i'm|i’m|im|i just turned|i turned)(?: (?:only|just|actually|really|like|still)){{0,2}} {_AGE}(?:{_YEARS}{_NOT_A_SPAN}|{_PAUSE})"),
    re.compile(rf"\b(?:tengo|acabo de cumplir|cumpli)(?: (?:solo|apenas|nada mas|ya)){{0,2}} {_AGE}{_YEARS}{_NOT_A_SPAN}"),
    # "tengo" also answers "how many": nobody who writes is younger than this.
    re.compile(rf"\b(?:solo |apenas )?tengo (?=[89]|1\d){_AGE} ?(?=$|[.!,;]|y tu\b|pero\b)"),
    re.compile(r"\b(?:i am|i'm|i’m|im)(?: (?:still|actually|only|just))? (?:a minor|under ?age|under 18|under eighteen|not 18 yet|not yet 18)\b(?! (?:character|setback|issue|inconvenien|league|detail|chord|key))"),
    re.compile(r"\b(?:soy|aun soy|todavia soy|aun) (?:una? )?menor(?: de edad| de 18| de dieciocho| ?(?=$|[.,!;]))"),
    re.compile(r"\b(?:no tengo|aun no tengo|todavia no tengo|no he cumplido) (?:los )?(?:18|dieciocho)\b"),
    re.compile(r"\b(?:i am|i'm|i’m|im) (?:in|starting) (?:the )?(?:[1-9]|1[01])(?:st|nd|rd|th) grade\b"),
    re.compile(r"\b(?:i am|i'm|i’m|im) in (?:middle|elementary|primary|junior high) school\b"),
    re.compile(r"\b(?:estoy en|voy a|curso|hago) (?:[1-6](?:º|o|ro|do|to|\.º)? ?(?:de )?(?:la )?)?(?:eso|primaria)\b(?! (?:\w{1,20}ndo|como|de|a|por|con)\b)(?=$|[ .,!;])"),
]  # fmt: skip

_CHILD = (
    r"(?:child|kid|toddler|minor|schoolgirl|schoolboy|teen|teenager|preteen|teenage (?:girl|boy)|little (?:girl|boy|kid)|young (?:girl|boy|child)"
    r"|niñ[oa]s?(?: pequeñ[oa])?|crio|cria|menor|menor de edad|adolescente|colegial[a]?|bebe|chiquill[oa]|escolar|nena pequeña)"
)
_PLAY = (
    r"(?:pretend|pretending|imagine|act|acting|behave|role ?-?play|roleplaying|play|be|become|talk|speak|your character|your persona"
    r"|finge|fingir|fingiendo|imagina|actua|actuar|comportate|interpreta|interpretar|haz|hagas|hacer|juega|juguemos|jugamos|se|seas|habla|hablame|tu personaje|rol)"
)
_LINK = r"(?:[ ,:]+(?:that|as|like|you|your|you're|you’re|are|is|being|to|the|role|of|a|an|my|me|were|que|de|como|eres|seas|es|sea|fueras|una?|mi|tu|a|ser|el|la|papel|still|only|just|solo|todavia)){1,6}"
_OF_AGE = rf"(?:(?:a|an|una?|only|just|solo|apenas|la|el|my|mi) ){{0,3}}(?:\w{{2,15}} ){{0,2}}?(?:de |of |aged |age )?{_AGE}(?:{_YEARS}{_NOT_A_SPAN}| ?-? ?year)"

_PARTICIPANT = [
    re.compile(rf"\b{_PLAY}{_LINK} {_CHILD}\b(?! (?:at heart|again|de corazon|otra vez|de nuevo))"),
    re.compile(rf"\b{_PLAY}{_LINK} under ?age\b"),
    re.compile(rf"\b(?:but|and|pero|y) (?:looks?|parece|aparenta)(?: like)?(?: de)? {_AGE}{_PAUSE}"),
    re.compile(rf"\b{_PLAY}{_LINK} {_OF_AGE}"),
    re.compile(rf"\b(?:you are|you're|you’re|youre|u are|you will be|you'll be|eres|seras|tu eres|vos sos|sos|tu personaje es|tu personaje tiene|tienes|tenes|tendras|your character is) {_OF_AGE}"),
    re.compile(rf"\b(?:you are|you're|you’re|youre|your character is) (?:only |just |now )?{_AGE}{_PAUSE}"),
    re.compile(r"\b(?:you are|you're|eres|sos|seras|tu personaje es) (?:still |only |just |solo |todavia )?(?:a |an |una? )?(?:minor|under ?age|schoolgirl|schoolboy|preteen|little (?:girl|boy)|toddler|menor de edad|colegiala?|(?:niñ|nen)[oa] pequeñ[oa]|niñ[oa] de)\b"),
    re.compile(rf"\b(?:you|your body|she|he) (?:look|looks|looking|act|acts) (?:like )?(?:you are |you're |she is |she's |he is |a |an )?{_AGE}{_NOT_A_COMPARISON}"),
    re.compile(rf"\b(?:pareces|aparentas|parece|aparenta) (?:tener |una niña de |un niño de |de )?{_AGE}{_NOT_A_COMPARISON}"),
    re.compile(rf"\b(?:pretend|imagine|let's pretend|finge|imagina|hagamos como|haz como)(?:[ ,]+(?:that|que|como si))? (?:i am|i'm|i’m|im|soy|yo soy|tengo|fuera|yo tengo) (?:only |just |solo )?{_OF_AGE}"),
    re.compile(rf"\b(?:pretend|imagine|let's pretend|finge|imagina|hagamos como|haz como)(?:[ ,]+(?:that|que|como si))? (?:i am|i'm|i’m|im|soy|yo soy|tengo|fuera|yo tengo) (?:only |just |solo )?(?:a |an |una? )?{_CHILD}\b"),
    re.compile(rf"\b(?:pretend|imagine|let's pretend|finge|imagina)(?:[ ,]+(?:that|que))? (?:i am|i'm|i’m|im|tengo) (?:only |just |solo )?{_AGE}{_PAUSE}"),
    re.compile(rf"\b(?:i will be|i'll be|i am playing|i'm playing|yo hago de|yo sere|sere) (?:the |your |tu |una? |a |an )?{_OF_AGE}"),
    re.compile(rf"\b(?:i will be|i'll be|i am playing|i'm playing|yo hago de|yo sere|sere) (?:the |your |tu |una? |a |an )?(?:\w{{2,15}} )?{_CHILD}\b"),
]  # fmt: skip

# In a message somebody else's age is family; in a description it is the character's own.
_DESCRIBED = [
    re.compile(rf"\b(?:she is|she's|she’s|he is|he's|he’s) (?:(?:only|just|now|a|an) ){{0,2}}{_AGE}(?:{_YEARS}{_NOT_A_SPAN}|{_PAUSE})"),
    re.compile(rf"(?:^|[.,;:(] ?)(?:(?:ella|el|una?|a|an|tiene|con|aged?|is) ){{0,2}}{_AGE}{_YEARS}{_NOT_A_SPAN}"),
    re.compile(rf"\b(?:edad|age) ?[:=]? ?{_AGE}"),
]  # fmt: skip

_MENTION = [
    re.compile(rf"\b(?:de|aged|age|is|she's|she’s|he's|he’s|was|tiene|tenia|cumple|cumplio|turned) {_AGE}(?:{_YEARS})?"),
    re.compile(rf"{_AGE}{_YEARS}{_NOT_A_SPAN}"),
    re.compile(rf"{_AGE} ?-? ?(?:year|yr)s? ?-? ?olds?\b"),
    re.compile(r"\b(?:child|children|kids?|toddlers?|preteens?|teenagers?|minors|under ?age|schoolgirls?|schoolboys?|little (?:girls?|boys?)|daughter|son|niñ[oa]s|niñ[oa] pequeñ[oa]|menor(?:es)? de edad|adolescentes?|colegiala|hij[oa]s?|alumn[oa]s?|sobrin[oa]s?)\b"),
]  # fmt: skip

_QUOTED = re.compile(r"[\"“«][^\"”»\n]{0,400}[\"”»]")


def minor_role(digits: str, *, described: bool = False) -> Role:
    """The strongest role that a minor has in a text of the `digits` track.

    With `described` the text describes a character, so ages without another bearer are the character's.
    """
    text = _ELEVEN.sub("11", _NUMBER_WORD.sub(lambda m: str(_NUMBERS[m[0]]), digits))
    spoken = _QUOTED.sub(" ", text)
    if any(_matches(pattern, spoken, near=True) for pattern in _SPEAKER):
        # "pretend I'm 12" is a part to play, not a confession.
        played = any(_matches(pattern, spoken) for pattern in _PARTICIPANT)
        return Role.PARTICIPANT if played else Role.SPEAKER
    participant = [*_PARTICIPANT, *_DESCRIBED] if described else _PARTICIPANT
    if any(_matches(pattern, text) for pattern in participant):
        return Role.PARTICIPANT
    if any(_matches(pattern, text) for pattern in _MENTION):
        return Role.MENTION
    return Role.NONE


def _matches(pattern: re.Pattern[str], text: str, *, near: bool = False) -> bool:
    """Whether the pattern occurs with an age under 18 (if it names one) and, with `near`, is meant now."""
    # A pattern that names an age never matches without one.
    if "age" in pattern.groupindex and not _DIGIT.search(text):
        return False
    for match in pattern.finditer(text):
        age = match.groupdict().get("age")
        if age is not None and int(age) >= ADULT_AGE:
            continue
        if near and _DISTANT.search(text, max(0, match.start() - 40), match.start()):
            continue
        return True
    return False
