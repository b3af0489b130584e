"""Words too common to be looked for, accents kept as written and also without them."""

_ENGLISH = """
a about above after again against all am an and any are as at be because been before being below between both but by can could
did do does doing down during each few for from further had has have having he her here hers herself him himself his how i if in
into is it its itself just let me more most my myself no nor not of off on once only or other our ours ourselves out over own
s same shall she should so some such t than that the their theirs them themselves then there these they this those through to
too under until up us very was we were what when where which while who whom whose why will with would you your yours yourself
yourselves d ll m re ve don doesn didn isn aren wasn weren won couldn shouldn wouldn hasn haven hadn
"""

_FRENCH = """
a à ai aie aient aies ait alors as au aucun aucune aura aurai auraient aurait auras aurez auriez aurions aurons auront aussi autre
autres aux avaient avais avait avec avez aviez avions avoir avons ayant ayez ayons bien c ça car ce ceci cela celle celles celui
ces cet cette ceux chaque chez ci combien comme comment d dans de depuis des desquelles desquels dès donc dont du duquel elle elles
en encore entre est et étaient étais était étant étée étées été étés êtes être eu eue eues eurent eus eut eux faire fait faut fois
font furent fut hors il ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m
ma mais me même mêmes mes mien mon n ne ni nos notre nous on ont ou où par parce pas pendant peu peut peuvent plus pour pourquoi
puis puisqu puisque qu quand que quel quelle quelles quels qui quoi quoique s sa sans se selon sera serai seraient serait seras
serez seriez serions serons seront ses si sien soient sois soit sommes son sont sous suis sur t ta tandis te tel telle telles tels
tes tien toi ton tous tout toute toutes très tu un une vers voici voilà vos votre vous vu y
"""

_BARE = str.maketrans("àâçéèêëîïôùûü", "aaceeeeiiouuu")

ENGLISH = frozenset(_ENGLISH.split())
FRENCH = frozenset(_FRENCH.split()) | frozenset(_FRENCH.translate(_BARE).split())

# Small in one language, a word of its own in the other (or small in both): they betray no language.
SHARED = (ENGLISH & FRENCH) | frozenset("car son but or an main ton tout pour fait vers plus est fut bien vu ours down more".split())
