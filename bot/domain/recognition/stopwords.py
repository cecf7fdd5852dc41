"""Words of talk that are no subject: they say nothing of what a message is about."""

from typing import Final

TALK: Final = """
able above accidentally across actual additional admittedly advance afterwards ago ain alone along
also alternative alternatively always among amount another anybody anyhow anymore anything anyway
anyways anywhere apologies apparently appear apply appreciate approach approximately aren around
asap aside assume attempt avail available avoid aware away awesome back base basic basically because
become been behave behavior behaviour being below between big bit both bring broken bug bunch but
call came cannot capable case cause certain change clear clearly click close code colleague com
combination come coming comment common completely concern confirm confuse content correct could
couldn couple create culprit curious current currently day days deal dear decent decid decide deep
depend despite detail did didn difference different difficult directly discussion does doesn doing
don done due dumb during each earlier easily easy edit effect either else end enough entire error
errors especially essentially etc eventually ever every everybody everyone exact exactly example
exist expect experience explain explicitly extra extremely fact failure fairly far feel felt few
finally find fine first five fix folks follow following form format forward found four frequent full
fun futur future gave general generally get getting give given glad goal gone got grateful great
guess guide guy had hadn half hand happen happening hard hasn have haven having head held hello help
helpful her here hey high him his hit hope hopeful hopefully hour how however http https idea ill
imagine immediate immediately important impossible include indeed indicate individual info
information initial initially inside instance instead interest interesting into isn issue issues
item its itself keep kept kind kinda knew know known large last later latest least left less let
level life line link list little location lol long longer look looking looks lot love luck made main
major make making man manner many may maybe mean meanwhile mention message method might million mind
minor minute mistake mix month more morning most mostly much multiple must myself naive name near
nearly necessary need needed neither never next nice nobody non none nope nor normal normally not
notes nothing notice notify novice now nowadays number obvious obviously occasionally odd off offer
often okay old once one ones only onto option order original other others otherwise our ours out
output outside over overall own particular past paste per perfectly perform perhaps person pick
piece place plan play please plenty pls possible post preface preferred present pretty previous
previously prior probably problem problems progress prompt proper properly provide purpose put
putting question quick quickly quite random range rate rather reach read ready real reason recall
recent recently recommend refer regard regards related relatively relevant remain remember remove
reply report require respect respond response rest result results return right rough roughly run
running said same saw say says screen screenshot search second see seem seems select send sens sense
separate set seven several shall share she short should shouldn show side sign similar similarly
simple simply since single situation six size slightly small solution solve somebody sometimes
somewhat soon sorry sort sound special specific specifically specify spend spot stage standard start
state stay step stick still stop straight straightforward strange strong struggle stuff stumble
style subject success successfully such sudden suddenly sufficient suggest suppose sure surprise
suspect sweet take taken talk tell ten tend tends term text than thank thankful thanks that the
their them themselves then there these they thing think third this those though thought three
through throw thus till tiny tip today together tomorrow tonight too took tool top total totally
toward track tricky tried tries trouble true truly try trying turn twice two type typically unable
under understand unfortunately unless unsure until upon upper usage use used useful user using usual
usually vague value various version very via view wait walk wall want was wasn way week weekend
weird well went were weren what whatever when where whether which while who whole whom whose why
wide will wise wish with within without won wonder wondered wondering word work workaround world
worry worse worst worth would wouldn wrap write wrong wrote yeah year yep yes yesterday yet you your
yours yourself zero
"""

# Words that give an act away, and yet name a subject.
SUBJECTS: Final = """
access alert approval bridge capacity case certificate hotline meeting pager permission policy
query queries room rotation rota shift shifts slot thread update
"""
