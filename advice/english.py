"""The rules of advice in English."""

from advice.languages import Language, compiled, words

_IRREGULAR = (
    "done made sent kept given taken written held told shown brought sold bought paid put set met left lost built drawn chosen"
    " sought withdrawn drafted read run undertaken begun"
)
# Only acts of work: "is closed" may be how a thing is, "is screened" is somebody's task.
_ACTS = (
    "screened checked verified reviewed approved signed submitted notified informed reported recorded registered archived filed"
    " validated escalated transmitted forwarded collected obtained scanned printed returned refused contacted interviewed examined tested"
    " audited updated deleted destroyed completed countersigned released assessed investigated documented conducted performed carried"
    " appointed handed sent kept"
)
_MODAL = r"(?:must|shall|will|should|ought\s+to|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to)"
_BETWEEN = r"(?:(?:not|also|always|never|then|only|first|both|either|thus|\w{2,20}ly)\s+){0,2}"

ENGLISH = Language(
    longest_sentence=40,
    passive=compiled(
        rf"\b(?:{_MODAL}\s+{_BETWEEN}be\s+{_BETWEEN}(?P<done>\w{{2,20}}ed|{'|'.join(_IRREGULAR.split())})"
        rf"|(?:is|are)\s+{_BETWEEN}(?P<act>{'|'.join(_ACTS.split())}))\b(?!-)"
    ),
    statives=frozenset(
        "required expected supposed allowed permitted entitled authorized authorised encouraged committed dedicated located based related"
        " limited concerned involved needed advised composed comprised called named designed intended licensed certified qualified exposed"
        " listed included contained attached considered deemed regarded known mentioned stated interested prepared aligned"
        " experienced skilled trained motivated used focused subjected bound prohibited satisfied surprised pleased tailored isolated indeed"
        " resolved construed interpreted governed implied able obligated obliged engaged aware guided organized organised structured shared"
        .split()
    ),
    agent=compiled(r"\s*(?:\w{2,20}ly\s+)?(?:[^.;:()]{0,40}\s)?(?:by|via|through)\s+(?!(?:\w{2,20}ing)\b|the\s+(?:end|time|date|day)\b|\d|(?:january|february|march|april|may|june|july|august|september|october|november|december|default|law)\b|e-?mail|post\b|phone)"),
    before=compiled(
        words(
            "who which that when whenever if once after before until unless where while as because whether whose what how since though"
            " although than no nobody nothing none neither nor never why except whom"
        )
    ),
    forbids=compiled(r"(?:no|nobody|nothing|none|never|neither)\b"),
    vague=compiled(
        r"\b(?:(?:if|where|whenever|wherever)\s+(?:necessary|needed|appropriate|possible)(?=\s*(?:[,.;:()]|$|\s(?:and|or|to|in|by|from|the|during|after|before)\b))"
        r"|(?<!\()as\s+(?:necessary|needed|appropriate)(?=\s*(?:[,.;:()]|$|\s(?:and|or|in|by|from|the|during|after|before)\b))"
        r"|as\s+soon\s+as\s+(?:possible|practicable|feasible)|in\s+a\s+timely\s+(?:manner|fashion)|in\s+due\s+course"
        r"|within\s+a\s+reasonable\s+(?:time|period|delay)|from\s+time\s+to\s+time|on\s+a\s+regular\s+basis|at\s+regular\s+intervals)\b"
    ),
    weak=compiled(r"(?<!if )(?<!if you )\b(?:should|ought\s+to)\b(?!\s+(?:you|he|she|they|we|any|a|an|the|there|this|that|it|your|our|their|its|his|her)\b)"),
    gesture=compiled(
        r"\b(?:(?:double|right|left)[- ]?click\w{0,3}|(?<!button )(?<!mouse )(?<!the )(?<!of )(?<!participant )click(?:s|ing|ed)?\b(?!-| here)|screen\s?shots?|tick\w{0,3}\s+(?:the|this|that)\s+(?:line|row)"
        r"|(?:tick|check|untick|uncheck)\w{0,3}\s+(?:the\s+)?(?:\w{1,20}\s+)?(?:check)?box(?:es)?|drag\s+and\s+drop)\b"
    ),
    hand=compiled(words("open opens opening go goes select selects choose chooses press presses pick type types enter enters scroll hover tap taps paste navigate log")),
    screen=compiled(
        r"\b(?:button|menu|toolbar|sidebar|icon|dialog(?:ue)?|pop-?up|text\s?field|checkbox|radio\s+button|tab\s+(?:called|named)|the\s+[\w“\"]{1,20}[”\"]?\s+tab|search\s+bar|address\s+bar"
        r"|url\s+bar|home\s?page|login\s+(?:page|screen)|(?:your|the)\s+browser|the\s+screen|left\s+pane|right\s+pane|drop[- ]?down)\b"
    ),
    step=compiled(
        r"(?:then\s+)?(?:check|verify|send|call|ask|write|record|file|archive|sign|obtain|collect|compare|inform|notify|tell|review|approve|screen|scan"
        r"|keep|forward|submit|complete|fill|contact|confirm|register|report|prepare|update|return|refuse|close|open|identify|validate|document)\s+"
        r"(?!(?:is|are|must|shall|will|may|can|has|have)\b)(?:the|a|an|any|each|every|all|that|whether|if|it|them|copies|one|two|both)\b"
    ),
    lead=compiled(
        words("you your we our us i everyone anyone who whoever team teams member members manager managers staff employee employees officer officers user users person people committee board")
    ),
    opening=compiled(r"(?:to|in\s+order|when|if|steps?|(?:the\s+)?(?:following|next)\s+steps|the\s+steps|procedure|as\s+follows|checklist)\b"),
    regulation=compiled(
        r"(?:\b(?:articles?|art\.|sections?|clauses?)|§)\s{0,2}[A-Z]{0,2}\.?\s?\d|\b(?:ISO|CFR|HIPAA|GDPR|DORA|MiFID|PCI[- ]DSS|SOX|HITECH|FINRA|NIST|HITRUST|FISMA)\b"
        r"|\b(?:Regulation|Directive|Act|Decree|Ordinance|Code)\b[^.\n]{0,40}\d|\b\w{2,30}\s+(?:Act|Law|Regulations)\s+(?:of|\d)"
    ),
)
