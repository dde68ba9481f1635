package retrieval

import "strings"

// stopTerms holds the stems of English function words, of the fillers of
// speech, and of the words by which people ask rather than what they ask for.
// They stay in the index, for phrases, but are not searched for alone: they
// match nearly every passage and cost time without telling passages apart.
var stopTerms = func() map[string]bool {
	words := strings.Fields(`
a an the this that these those such
i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself
we us our ours ourselves they them their theirs themselves one ones someone somebody something anyone anybody anything
everyone everybody everything nobody nothing thing things
am is are was were be been being do does did doing done have has had having
will would shall should can could may might must ought cannot
dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt cant havent hasnt hadnt aint
im ive id ill youre youve youd youll hes shes theyre theyve theyd theyll weve were wed thats theres heres whats whos wheres hows lets
and or but nor so yet if then else than as because while although though unless until
of in on at by for with about against between into through during before after above below to from up down out off over under
again further once here there when where why how what which who whom whose whether
all any both each few more most other some no not only own same too very just also even ever still
s t d m o re ve ll y
um uh er erm hmm mm mhm ah oh yeah yes okay ok well like sort kind actually basically really right mean know
get got gets getting go goes going gone say says said saying tell tells told make makes made
much many lot lots bit quite rather perhaps maybe please
`)
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[Stem(w)] = true
	}
	return set
}()
