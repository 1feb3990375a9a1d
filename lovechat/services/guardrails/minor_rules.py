"""The rules about minors, in the language of `grammar`. The first part of a name is the role that it gives."""

MACROS = {
    # How an age is written, from certain to likely.
    "age_sure": "<age>(?:-?<year_en>-?<old>|<year_suffix>|<yo_spaced>|<year_en>of age|<year_es>de edad)",
    "yo_spaced": "yo(?=$|<stop>|,|<dash>|<bracket>|and|here|male|female|<boy_girl>|<child>)|y/?o(?!<other>)|y<stop>o",
    "age_span": "<age>(?:<year_es>|-?<year_en>)<not_a_span>|<roman><year_es><not_a_span>",
    "age_es": "(?:<age>|<roman>)<year_es><not_a_span>",
    "age_any": "<age_sure>|<age_span>",
    "of_age": "(?:de|of|aged|age)?(?:<age_sure>|<age_span>|<age>(?:<pause>)|<age>-?<year_en>)",
    "not_a_span": "(?!<span>|de(?!edad)|<gerund>)",
    # What may follow a bare age: the end, a pause, or a word that begins another thought.
    "pause": "(?=$|<stop>|<bracket>|<comma>(?!<hedge>)|<dash>(?!<number>)|<pause_word>|and(?!a half|<number>)|y(?!<number>|media|pico)|is that)",
    # What may follow the end of a question about being of age.
    "asked": "(?=$|<stop>|<comma>|<bracket>|<year_en>|<year_es>|or|o|u|yet|now|already|right|though|btw|and|y|ya|verdad|cierto|cumplidos)",
    "not_compared": "(?!(?:<year_es>|<year_en>)?<comparison>)",
    "not_again": "(?!again|otra vez|de nuevo|at heart|de corazon|interior|inside|<not_a_person>|<dash>|<job>)",
    # Who speaks, and to whom.
    "i_am_now": "<i_am>|i am|i m",
    "you_are_now": "<you_are>|you are|u are|you will be|you'll be|vos sos|your character is|your character's|tu(?:personaje|pj)(?:es|tiene)",
    "begin": "^|<stop>|<comma>|<colon>|<bracket>|<dash>|<quote>|<lead_word>|you to|(?:can|could|will|would|must|should)you|you(?:will|must|should|can|have to|need to|are going to)|you'll|debes|puedes|quieres|podrias|tienes que|vas a|quiero que|necesito que",
    "who": "(?:<article>|<adverb>|<of_mine>|another|otro|otra|such|tan|muy|very|me){0,3}",
    "minor_person": "(?:<child>|<little><boy_girl>|<boy_girl><little>|<grade_person>|(?:underage|under-?age))",
    "strict_minor": "(?:<strict_child>|<little>(?:school)?<boy_girl>(?=<pause>|<age>|who|that|que|of|de|with|con|in|en)|<boy_girl>(?:muy)?<little>|<grade_person>|(?:underage|under-?age)|menor(?:de edad|(?=<pause>))|minor(?=<pause>|who|that|named)|<girl_of>)",
    "little_one": "little|pequeño|pequeña|chiquito|chiquita|chico|chica",
    "noun": "<other family kin boy_girl>",
    "girl_of": "(?:niño|niña|nino|nina|nena)de(?!<of_mine>)",
    "grade_person": "(?:high|middle|elementary|primary|junior high|grade)(?:schooler|schoolers|school(?:girl|boy|kid|student|freshman|sophomore))|<ordinal_any>grader|(?:estudiante|alumno|alumna|chica|chico)de(?:<ordinal_any>)?(?:de)?(?:la)?(?:eso|secundaria|primaria|prepa|preparatoria)",
    "ordinal_any": "<small><ending>?|<ordinal>",
    "school_es": "<ordinal_any>(?:curso|año|grado)?(?:de)?(?:la)?(?:eso|primaria|secundaria|prepa|preparatoria|bachillerato|bachi|bach)|(?:la)?(?:eso(?<=la eso)|primaria|secundaria|prepa|preparatoria|bachillerato|bachi)",
    "school_en": "(?:the)?(?:<ordinal_any>grade|grade<small>|year<small>|(?:middle|elementary|primary|junior|grade)(?:high)?school|junior high|high school)",
    "not_at_work": "(?!<gerund>|como|de(?!la eso)|a|por|con|para|haciendo|as|of|for|with|to|teaching|administration|staff|<job>|reunion|musical|sweetheart)",
    "born_year": "(?:<date_filler>|<month>|<number>|<ending>|<comma>|año){0,7}<birthyear>(?!<colon>)|(?:in|en el|en)'?<year2>(?=$|<stop>|<comma>)",
}

SPEAKER = {
    "speaker_age": "soy(?:un|una)<boy_girl>de<age>(?:<year_es>|(?:<pause>))|^<teen>-?<year_en>-?old(?=here|from|,)|(?:<i_am_now>|i just turned|i turned|my age(?:is|<colon>)|mi edad(?:es|<colon>)|i'll be|i will be|i turn|turning)(?:<adverb>|<article>|mere){0,3}(?:<age_sure>|<age_span>)",
    "speaker_bare_age": "(?:<i_am_now>|i just turned|i turned|my age(?:is|<colon>)|mi edad(?:es|<colon>))<adverb>{0,3}<teen>(?:(?:<pause>)|/?(?:f|m)(?=$|<stop>|,|/|here|from|de))|i turned<teen>(?=last|yesterday|today|this)|(?:acabo de|voy a)cumplir(?:los|mis)?<teen>(?:<pause>)|(?:just had|it's|its|today is|tomorrow is)my<teen><ending>birthday",
    "speaker_next_age": "(?:<i_am_now>)(?:turning|gonna be|going to be|about to be|about to turn)<teen>(?=$|<stop>|,|soon|in<month>|next|tomorrow|this|on)|(?:i'll be|i will be|i turn|cumplo|cumplire|<i_am_now>)<teen>(?:in<number><calendar>|next(?:week|month|<month>|year)|tomorrow|in<month>|on<month>|mañana|el(?:<number>|<weekday>|mes|proximo)|en<month>|este(?:año|mes))",
    "speaker_named": "(?:soy|<i_am_now>|me llamo|my name is)<other>{1,2},<teen><year_es>?(?=$|<stop>|,)|<i_am_now><!stop family>{0,3},<ordinal_any>grade(?=<pause>)",
    "speaker_has": "(?:tengo|cumpli|cumplo|cumplire|acabo de cumplir|voy a cumplir)<adverb>{0,2}(?:<age_sure>|<age_es>|<age>a<stop>)",
    # "tengo" also answers "how many": nobody who writes is younger than this.
    "speaker_has_bare": "tengo<adverb>{0,2}<teen>(?=$|<stop>|<comma>(?!<hedge>)|<bracket>|y(?:tu|vos|voy|vivo|quiero|estoy|estudio|aun|todavia|me)|<pause_word>|recien)",
    "speaker_minor": "<i_am_now> <adverb>{0,2}(?:a minor(?:<pause>|who|still|here|too)|a minor$|(?:underage|under-?age)|under<eighteen>|under the age of<eighteen>|below<eighteen>|younger than<eighteen>|less than<eighteen>|not an adult yet|not yet an adult|not of(?:legal )?age)(?!<not_a_person>)",
    "speaker_menor": "(?:soy|sigo siendo)(?:un|una)?menor(?:de edad|de<eighteen>|(?:<pause>))|<adverb>menor de edad",
    "speaker_asl": "(?:^|<stop>|,)(?:hi|hey|hello|hola|holi|buenas|,){0,3}<teen>/?(?:f|m)(?=$|/|here|from|,|de)",
    "speaker_grade": "<i_am_now><adverb>?(?:in|starting|entering|going into)<school_en>(?=$|<stop>|<comma>|<pause_word>|and|right|now|still)<not_at_work>|i go to(?:middle|elementary|primary|junior high|high)school(?=<pause>)",
    "speaker_grade_es": "(?:estoy en|voy a|voy en|curso|estoy cursando|estudio|hago|entro a|paso a|estudio en|acabo de entrar a)<ordinal_any>(?:curso|año|grado)?(?:de)?(?:la)?(?:eso|primaria|secundaria|prepa|preparatoria|bachillerato|bachi|bach)<not_at_work>|(?:estoy en|voy a|voy en|curso|estudio|estudio en|entro a)(?:la eso|(?:la)?(?:primaria|secundaria|prepa|preparatoria))<not_at_work>",
    "speaker_student": "<i_am_now><adverb>?(?:a)?(?:freshman|sophomore|junior)(?:in|at)(?:high|middle)school|(?:^|<stop>|,)still in(?:high|middle)school(?=<pause>)|(?:<i_am_now>|soy)<adverb>?(?:a|an|un|una)?<grade_person><not_at_work>",
    "speaker_born": "soy(?:del|de|del año)<birthyear>(?=<pause>)|(?:i was born|i'm born|born|naci)<born_year>|(?:my birth year is|my year of birth is|mi año de nacimiento es)<birthyear>",
}
# Here the negation is a part of the sentence itself, and no sign that it is not meant.
SPEAKER_NEGATED = {
    "speaker_not_adult": "<i_am_now> <adverb>{0,2}(?:not<eighteen>yet|not yet<eighteen>)|i'm still not<eighteen>(?=<pause>)",
    "speaker_no_adulto": "no(?:tengo|he cumplido|cumplo)(?:todavia|aun)?(?:los)?<eighteen>(?!<year_es>?,?(?:tengo|sino))|no soy(?:todavia|aun)?(?:mayor de(?:edad|<eighteen>))",
    "speaker_soon_adult": "(?:falta|faltan)<!stop>{0,4}para(?:cumplir|tener)?(?:los)?(?:<eighteen>|ser mayor)|(?:i|i'll|i will)(?:be|turn)?<eighteen>(?:next(?:week|month|year|<month>)|tomorrow|in<month>|in<number><calendar>)|i(?:turn|become)<eighteen>(?:next|tomorrow|soon|in)|cumplo<eighteen><year_es>?(?:en(?:<month>|<number>)|mañana|el(?:<number>|<weekday>|mes|proximo|año)|pronto)",
}

PARTICIPANT = {
    "participant_pretend": "<pretend>(?:<comma>|that|que|como|si|for|a|moment|we|please){0,3}(?:<you_are_now>|you were|<i_am_now>|i was|to be|being|ser|soy|fueras|fuera|tienes|tenes|tuvieras|tengo|tuviera|tu|yo|we're|both|ambos|she is|<she_is>|ella es|ella tiene|es|we are|somos){1,2}<who><other family boy_girl>{0,2}(?:<minor_person>|<of_age>)<not_again>",
    "participant_act": "(?:hazte|hacerte|haces|hagas)pasar por<who><noun>?(?:<minor_person>|<of_age>)|(?:hablar|talk|chat|chatear)(?:con|to|with)(?:a|un|una)<boy_girl>(?:de|of|aged)<age>(?:<year_es>|(?:<pause>))|(?:<begin>)(?:<act>)(?:to me|with me|conmigo)?(?:like|as if|as though|as|como si|como|de)(?:you were|<you_are_now>|fueras|fuera|tuvieras|tuviera)?<who><noun>?(?:<minor_person>|<of_age>)<not_again>|<act_subjunctive>(?:como si fueras|como si tuvieras|como)<who><noun>?(?:<minor_person>|<of_age>)<not_again>",
    "participant_roleplay": "(?:<roleplay>|role-?(?:play|playing))(?:as|de|a|like|being|with|con|como|of|about|sobre|between|where|donde|<comma>|<colon>|we|en|que|is|<you_are_now>|<i_am_now>|soy|es|tengo|tienes){0,5}<who><noun>{0,2}(?:<minor_person>|<of_age>)<not_again>",
    "participant_play": "(?:<begin>)<play>(?:as|the(?:role|part)of|el(?:papel|rol)de|de|a|to be)?<who><noun>?(?:<minor_person>|<of_age>)<not_again>|<play_es>(?:a ser|a que(?:eres|soy))<who><other>?(?:<minor_person>)<not_again>|(?:haz|hagas|hago|hacer|haces|harias|haras|hare)(?:de|como que eres|como si fueras|que eres|el(?:papel|rol)de)<who><other>?(?:<minor_person>|<age_sure>|<age_es>)<not_again>|<play_es>a ser<minor_person>",
    "participant_become": "(?:<begin>)<become>(?:en|like|como|into)?(?:<article>|<of_mine>)(?:<adverb>)?<noun>?(?:<minor_person>|<of_age>)<not_again>|(?:turn into|transform into|te conviertes en|te vuelves|become)(?:<article>|<of_mine>)<other>?(?:<strict_minor>|<age_sure>|<age_es>)<not_again>",
    "participant_you": "<you_are_now><adverb>{0,2}(?:<article>)?<other>?<strict_minor>(?!<not_a_person>)|<you_are_now><who><girl_of>",
    "participant_you_age": "(?:<you_are_now>|tienes|tenes|tendras|you(?:just)?turned)(?:<adverb>|<article>|<of_mine>|de|of|aged|age|not){0,3}<other>{0,2}(?:<age_sure>|<age_span>|<age>-<year_en>)",
    # "you" and a minor in one clause, with nothing between them that leads to somebody else.
    "participant_you_wide": "(?:<you_are_now>|your role(?:is|<colon>)|tu(?:papel|rol)(?:es|<colon>)|serias|en el papel de|en la piel de|(?:call|imagine|picture)yourself(?:as)?|(?:if|suppose|say)you(?:are|were)|you(?:play|'ll play)|(?:are|you're)playing|quiero que seas)(?:<!stop comma link kin job pet negation ago>){0,5},?(?:de|of|as|age|aged){0,2}(?:<age_sure>|<age_es>|<strict_minor>(?!<not_a_person>))|what if you(?:are|were)<adverb>{0,2}<age>(?:<pause>)|<you_are_now>(?:<!stop link kin job pet negation ago>){0,5}(?:age|aged)<age>",
    "participant_wanted": "(?:want|need|quiero|busco|looking for|dame|give me)<!stop family>{0,3}(?:girlfriend|boyfriend|lover|partner|novia|novio|amante)<!stop family>{0,3}<age>(?:<year_es>|-?<year_en>|(?:<pause>))",
    "participant_you_bare": "(?:<you_are_now>|you(?:just)?turned|ahora tienes|now you have)(?:<adverb>){0,2}<age>(?:<pause>)|(?:tienes|tenes)<adverb>{0,2}<teen>y(?:eres|sos|soy|yo|vas)|(?:^|<stop>|,|now|ahora|that|que)(?:<you_are>|you are)(?:a|un|una)(?:child|kid|niño|niña)(?=$|<stop>|,)",
    "participant_part": "(?:i'll be|i will be|<i_am_now>playing|i'll play|i play|let me be|yo hago de|hare de|hago de|yo sere|sere|voy a hacer de)<who><other>?(?:<strict_minor>|<child>|<age_sure>|<age>-<year_en>)<not_again>",
    "participant_character": "(?:make|change|set|cambia|pon|ponle|modifica)<!stop family>{0,4}(?:character|age|edad|personaje)(?:to|a|as|is|en|<colon>|be)?<age>|be younger<!stop>{0,4}<teen>(?:<pause>)|(?:my|your|our|the other|mi|tu|nuestro|el otro|la otra)(?:oc|character|personaje|avatar|pj)<!stop family kin>{0,6}(?:<age_sure>|<age_es>|<is><age>(?:<pause>)|<is><article>?<strict_minor>)",
    "participant_regression": "age(?:-)?(?:regress|regression|regressed|regressing|play)|agere|ageplay|regress(?:es|ed)?to(?:age)?<age>|regresion de edad|(?:younger|joven)<!stop>{0,5}(?:until|hasta)<!stop>{0,4}<age>",
}
# Told of a third person: of a member of the family they are a mention.
PARTICIPANT_THIRD = {
    "participant_look": "(?:you|your body|<she>|<pronoun>|but|pero|and|y|tu cuerpo)<look>(?:like|as|de|como|tener|<article>|of|<you_are_now>|<she_is>|she is|<boy_girl>|de unos|unos|about|around|maybe|just|only){0,5}<age>(?:<year_es>|<year_en>|-<year_en>|<year_suffix>|(?:<pause>))<not_compared>|(?:pareces|aparentas|parece|aparenta|luces)(?:tener|de|como|<article>|<boy_girl>|unos){0,5}<age>(?:<year_es>|(?:<pause>))<not_compared>",
    "participant_ageless": "(?:<ancient>|<adult>|immortal|inmortal|ageless|eterna|eterno|siglos|centuries|thousand)<!stop kin>{0,8}(?:<look>|<shape>)(?:like|of|de|como|a|an|una|un|the|la|is|es){0,3}<other>?(?:<minor_person>|<of_age>|<boy_girl><age>)",
    "participant_body": "<shape>(?:of|de|like|como)(?:<article>)?<other>?(?:<minor_person>|<age_sure>|<age_es>)",
    "participant_scene": "(?:scene|story|escena|historia|relato)(?:with|con|where|donde|between|entre|de)(?:a|an|una|un)(?:<other>){0,2}<age_sure><!stop>{0,4}(?:me|conmigo|us|nosotros|you)",
}

# In a message somebody else's age is family; in a description it is the character's own.
DESCRIBED = {
    "described_age": "<age_sure>|(?:^|<stop>|,)<age><year_en>(?=$|<stop>|,)",
    "described_span": "<age_es>",
    "described_bare_age": "(?:edad|age|aged)<colon>?(?:de|is|es)?<age>(?!<year_en>?<span>)|(?:she is|<she_is>|he is|<i_am_now>|soy|<is>)<adverb>{0,2}<age>(?:<pause>)|(?<!<weekday>),<teen>(?=$|<stop>|,)",
    "described_child": "(?:^|<stop>|,|<colon>|<bracket>|<dash>|<is>|soy|<i_am_now>|<she_is>|eres|like|as)(?:<article>)?(?:<other>|<little>){0,2}<strict_minor>(?=$|<stop>|,|<bracket>|<dash>|<age>|<boy_girl>|who|que|de|with|con|in|en|and|y|from|at|student|next)",
    "described_school": "(?:student|alumno|alumna|estudiante|girl|boy|chica|chico|va|goes|attends|cursa|estudia|is in|esta en)<!stop job family>{0,3}(?:(?:high|middle|elementary|primary)school|<ordinal_any>(?:de)?(?:la)?eso|la eso|secundaria|primaria|prepa|preparatoria|<ordinal_any>grade)(?!<job>|<gerund>)|<grade_person>",
    "described_born": "(?:born|nacida|nacido|nacio|naci)<born_year>",
    "described_look": "<look>(?:like|as|como|de)?(?:<article>)?<other>?(?:<strict_minor>|child|niña|niño|kid)",
    "described_body": "<shape>(?:of|de|like|como)(?:<article>)?<other>?(?:<minor_person>)",
}

MENTION = {
    "mention_span": "<age_span>",
    "mention_age": "<age_sure>|<age>-<year_en>|(?:aged|age|edad)<age>(?:<pause>)|(?:<she_is>|(?:<she>|<family>|<boy_girl>)<is>)<adverb>{0,2}<age>(?:<pause>)|<pronoun><is><adverb>?<age>(?:<pause>)",
    "mention_child": "<children>|<little><boy_girl>|<boy_girl><little>|(?:underage|under-?age)|(?:menor|menores)de edad|<grade_person>|<boy_girl>(?:de|of|aged)<age>(?!<calendar>)|(?:you are|<you_are>)(?:a|an|un|una|como un|como una)<child>|<look>(?:like|como)?(?:a|an|un|una)<child>",
    "mention_birth": "(?:born|nacio|nacida|nacido)<born_year>",
}
MENTION_FAMILY = {"mention_family": "<family>|<of_mine>(?:son|sons|girl|boy|little one)"}
PAST = {
    "past_self": "(?:when|since|back when|before|while)(?:i|i'd)(?:was|turned|were)<adverb>?(?:<article>)?(?:<age>(?:(?:<pause>)|<year_en>|(?=<of_mine>|i|he|she|they|we|a|someone))|<little_one>|<child>)|(?:cuando|desde que)(?:yo|solo|<adverb>)?(?:era|tenia|fui|cumpli)<adverb>?(?:<article>)?(?:<age>(?:<year_es>|(?:<pause>))|<little_one>|<child>)|(?:at|at the age of|a los|a mis)(?:just|solo)?<age>(?:<year_es><not_a_span>|(?:<pause>)|<year_en>old)|con(?:solo)?<age_es>|de(?:<little_one>|niño|niña|nina|nino)(?=<pause>|me|yo|mi|un|una)|as a(?:<little>)?(?:child|kid|girl|boy|teenager)|my childhood|mi infancia|mi niñez|growing up",
}
NOTE = {
    "note_unclear": "(?:<i_am_now>|soy)<adverb>?(?:a|un|una|just a|solo un)?(?:freshman|sophomore|teen|teenager|adolescente)(?=<pause>)|<i_am_now>in sixth form|estoy en(?:el)?(?:instituto|bachillerato|bachi)(?=<pause>)",
}
QUESTIONS = {
    "asks_age": "how old(?:are|r)(?:you|u)(?!<gerund>)|what(?:is|'s)?your age|what's your age|^(?:and|so|but)?your age|cuantos años(?:tienes|tenes|cumples)(?!<gerund>|de|en|con|aqui|ahi|alli|como)|que edad(?:tienes|tenes)|^(?:y|pero|dime)?(?:cual es)?tu edad|asl",
    "asks_adult": "are you(?:<adverb>|at least){0,2}(?:<article>)?(?:<eighteen>|adult|over<eighteen>|of(?:legal )?age)(?:<asked>)|(?:eres|sos)(?:<adverb>)?mayor de(?:edad|<eighteen>)(?:<asked>)|tienes(?:<adverb>|ya|mas de|al menos){0,2}<eighteen>(?:<asked>)",
    "asks_minor": "are you(?:<adverb>)?(?:a minor|(?:underage|under-?age)|under<eighteen>)(?:<asked>)|(?:eres|sos)(?:<adverb>)?menor(?:de edad|de<eighteen>)?(?:<asked>)",
    "answers_age": "^(?:<adverb>|tengo|<i_am_now>|um|pues|eh|well|,|<hedge>){0,4}<teen>(?:<year_es>|<year_en>-?<old>?)?(?=$|<stop>|<comma>|<pause_word>|and|y|<bracket>)",
    "answers_no": "^(?:no|nope|nah|not yet|todavia no|aun no)(?=$|<stop>|<comma>|todavia|aun|not yet|but|pero|yet)(?!<comma>?(?:i'm|i am|soy)<!stop>{0,3}(?:<adult>|ai|ia|bot|program))",
    "answers_yes": "^(?:yes|yeah|yep|si|sip|claro)(?=$|<stop>|<comma>|but|pero)",
}
# What spoils a match when it stands shortly before.
BEFORE = {
    "distant": "(?:<distant>)<!stop comma>{0,6}$|<negation><!stop comma that_word>{0,2}$|<says><!stop>{0,6}$|(?:feel|feels|felt|treat|treats|act|acts|me|as)(?:like|if|though|as if|que)<!stop comma>{0,2}$",
    "conditional": "(?:^|<stop>|<comma>|but|pero|not|no|que|because|porque)(?:if|when|whenever|si|cuando)<!stop comma>{0,1}$",
    "related": "(?:<family>|<pet>|<kin>|<of_mine>(?:son|girl|boy))<!stop>{0,8}$",
    "denied": "<negation><!stop comma>{0,4}$",
    "lasting": "(?:<ago>)<!stop comma>{0,4}$",
    "quoting": "(?:<says>|<family>|<kin>)<!stop>{0,4}$",
}
OTHERS = {
    # No rule fires far from all of these; see `reading`.
    "far_from_all": "<!age teen roman eighteen birthyear year2 child strict_child children family boy_girl little harm of_mine underage_word school_word crisis_word>{30,}",
    "third_person": "<pronoun>",
    "harmed": "<harm>",
}
REWRITES = {
    "number_sum": "<tens>(?:y|-)?<units>",
    "teen_sum": "diez y<units>",
    "eleven": "once(?=<year_es>)|(?<=tengo)once(?=$|<stop>|,)",
    "spaced_age": "<one><digit>(?=<year_es>|<year_en>|<year_suffix>|$|<stop>|,)",
}
ALL = (
    SPEAKER | SPEAKER_NEGATED | PARTICIPANT | PARTICIPANT_THIRD | DESCRIBED | MENTION | MENTION_FAMILY
    | PAST | NOTE | QUESTIONS | BEFORE | OTHERS | REWRITES
)  # fmt: skip
