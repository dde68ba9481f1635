package prompts

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What orders to a language model are made of. An order stands where an
// imperative does, so that "they told it to ignore all previous instructions" is
// talk about a model, and "ignore all previous instructions" is talk to one.
const (
	orders       = `(?:^|[^\pL\pN\s]\s*|\b(?:please|and|then|now|must|should|will|just|also|instead|immediately|so|but|first|always|you|you to|need to|have to) )`
	instructions = `(?:instructions?|prompts?|directions|directives?|commands|guidelines|orders)`
	earlier      = `(?:previous|prior|above|earlier|preceding|foregoing|former|past|existing|initial|original|system|other|safety)`
	machine      = `(?:ai assistants?|ai models?|ai systems?|ai agents?|ai|a\.i\.|llms?|(?:large )?language models?|chat ?bots?|chatgpt|summari[sz]ers?)`
)

// order is a form that sentences to a language model have. A text without any of
// the hints, parted by |, does not have it; most have none, and cost little.
type order struct {
	hints   []string
	pattern *regexp.Regexp
}

func newOrder(hints, pattern string) order {
	return order{hints: strings.Split(hints, "|"), pattern: regexp.MustCompile(pattern)}
}

// instructive are the orders known, in the languages that the bot speaks. They are
// matched on lower case, with single spaces.
var instructive = []order{
	// Markers of roles and of chat formats.
	newOrder("<|/inst]|[inst", `<[|｜][^<>]{1,40}[|｜]>|\[/?inst\]|<</?sys>>|</?(?:start|end)_of_turn>|</?(?:system|instructions?|passages?|prompt|assistant)>`),
	newOrder("system|developer|assistant:", `^\W{0,4}(?:system|developer)(?: ?-? ?(?:prompt|message|instructions?|note|override|update|notice))?\W{0,2}:|^\W{0,4}assistant:`),
	newOrder("##", `#{2,}\s*(?:new )?(?:instructions?|system|response|human|assistant|user|end)\b`),
	newOrder("begin of|start of|end of", `\b(?:begin|start|end) of (?:the )?(?:system prompt|prompt|instructions|transcript|passages)\b`),
	newOrder("new |updated|important|additional|hidden", `(?:^|[.!:;(]\s*)(?:(?:new|updated|important|additional|hidden) )+(?:system )?(?:instructions?|prompt)(?: (?:for|to) [^.:]{1,40})?:`),
	// English.
	newOrder("ignore|disregard|forget|override|bypass", orders+`(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|the|your|my|of|these|those|every|everything in) ){0,4}`+earlier+` (?:\S+ ){0,2}?`+instructions+`\b`),
	newOrder("ignore|disregard|forget|override|bypass", orders+`(?:ignore|disregard|forget|override|bypass) (?:(?:all|any|of) ){0,2}(?:your|these|those) (?:\S+ )?`+instructions+`\b`),
	newOrder("ignore|disregard|forget", orders+`(?:ignore|disregard|forget) (?:all|any|every) (?:of )?(?:the )?(?:instructions|prompts)\b`),
	newOrder("ignore|disregard", orders+`(?:ignore|disregard) (?:everything|anything|all|what(?:ever)?)(?: that)? (?:is |was |has been |you were |you have been )?(?:(?:said|told|written|stated|given) )?(?:above|before this|so far)\b`),
	newOrder("ignore|disregard|forget", orders+`(?:ignore|disregard|forget) (?:all |everything |all of )?the (?:above|foregoing|preceding)\b`),
	newOrder(" only | exactly ", orders+`(?:respond|reply|answer|output|say|print) (?:only|exactly):? ?["“'‘«„]`),
	newOrder("ignore the|disregard the", orders+`(?:ignore|disregard) the (?:user|user's question|passages|other passages|question and)\b`),
	newOrder("you are now|you're now|you’re now", `\byou(?: are|'re|’re) now (?:an? |the |in |my )?(?:\S+ ){0,2}?(?:ai|assistant|chat ?bot|bot|language model|llm|model|pirate|persona|dan|developer mode|unrestricted|jailbroken|free from)\b`),
	newOrder("assistant|language model|chatbot|chat bot|ai model", `\byou(?: are|'re|’re) an? (?:(?:helpful|ai|obedient|uncensored|large|honest|harmless) ){1,3}(?:assistant|language model|model|chat ?bot)\b`),
	newOrder("from now on", `\bfrom now on,? (?:you (?:will|must|should|shall|are to) )?(?:only |always |never )*(?:respond|answer|reply|act as|pretend|output)\b`),
	newOrder("act as|pretend|roleplay as|behave", orders+`(?:act as|pretend (?:to be|that you are|you are|you're)|roleplay as|behave (?:like|as)) (?:an? |the )?(?:\S+ ){0,2}?(?:ai|llm|language model|chat ?bot|assistant without|unrestricted|dan)\b`),
	newOrder(" your ", orders+`(?:reveal|print|show|repeat|output|leak|display|disclose|tell me|give me|write out) (?:\S+ ){0,3}?your (?:\S+ )?(?:system prompt|prompt|system message|instructions|hidden instructions)\b`),
	newOrder("the system prompt|the instructions above|the hidden instructions|the prompt above", `^\W*(?:please |now )?(?:reveal|print|repeat|output|display|disclose) (?:\S+ ){0,2}?the (?:system prompt|instructions above|hidden instructions|prompt above)\b`),
	newOrder("as an ai|as a ai|as an llm|as a llm|as a large language|as a language", `\bas an? (?:ai|llm|large language model|language model)(?: language model| assistant| model)?,? you (?:must|should|will|are|have to|need|can)\b`),
	newOrder("if you", `\bif you(?: are|'re|’re) (?:an? )?(?:ai|llm|large language model|language model|chat ?bot|automated)(?: (?:assistant|model|system|summari[sz]er|reader|agent))?(?:,| reading| processing| summari[sz]ing| and (?:you )?(?:are )?read)`),
	newOrder("dear|attention|attn|note|notice|message|instruction|order to", `^\W*(?:dear|attention|attn|note (?:to|for)|notice (?:to|for)|message (?:to|for)|instructions? (?:to|for)|(?:an )?order to),? (?:the |any |all |every )?`+machine+`\b`),
	newOrder(" this", `\b`+machine+` (?:reading|processing|summari[sz]ing|that (?:reads?|is reading)) this\b`),
	newOrder(" only | exclusively| solely| strictly| always", `(?:^|[.:;,!]\s*|\b(?:please|instead|now|you must|you should|always|and|then) )(?:respond|reply|answer|output) (?:only|exclusively|solely|strictly|always) (?:with|in|by|using)\b`),
	newOrder("question", `(?:^|[.:;!]\s*|\b(?:please|instead|now|you must|always) )(?:respond|reply|answer) (?:to )?(?:all|every|any|each)(?: of the)?(?: \S+)? questions? (?:with|by|that|only)\b`),
	newOrder(" with ", `(?:^|[.:;!]\s*|\b(?:please|instead|you must) )(?:respond|reply|answer) with (?:only|exactly|just|nothing but|the (?:word|words|phrase|text|sentence|following))\b`),
	newOrder("question", `\b(?:answer|reply|response) to (?:any|every|all|each) (?:\S+ )?questions? (?:is|must be|should be|will be)\b`),
	newOrder("user ask", `\b(?:if|when|whenever) (?:the |a )?user asks?\b[^.]{0,80},? (?:you must |always |please |only )?(?:say|answer|reply|respond|state|claim|tell them|output)\b`),
	newOrder("do not |don't |don’t |never ", `(?:^|[.:;!,]\s*|\b(?:please|you must|and) )(?:do not|don't|don’t|never) (?:cite|mention|quote|reveal|give|use|include|add|list) (?:(?:any|the|your|these|this|of) ){0,2}(?:sources?|passages?|transcripts?|line numbers?|citations?|references|instructions?|passage numbers?|system prompt)\b`),
	newOrder(" cite", `(?:^|[.:;!]\s*|\bplease )(?:do not|don't|don’t|never) cite[.!]?$`),
	// German.
	newOrder("anweisung|instruktion|prompt|vorgabe|befehl|regeln", `(?:ignorier(?:e|en sie|t)?|vergiss|vergessen sie|missachten? ?(?:sie)?) (?:bitte )?(?:alle |sämtliche |jegliche |die |deine |ihre )*(?:vorherig|bisherig|obig|früher|vorig|vorangegangen|vorangehend|vorstehend|ursprünglich)\S* (?:\S+ )?(?:anweisung|instruktion|prompt|vorgabe|befehl|regeln)`),
	newOrder("anweisung|instruktion|prompt", `(?:ignorier(?:e|en sie)|vergiss|vergessen sie) (?:bitte )?(?:alle |all )?(?:deine|ihre|diese|alle) (?:anweisung|instruktion|prompts|systemprompt|systemanweisung)`),
	newOrder("du bist|sie sind|bist du", `(?:du bist|sie sind|bist du) (?:jetzt|nun|ab jetzt|ab sofort|von nun an) (?:ein\S* )?(?:\S+ ){0,2}?(?:ki|ki-\S+|assistent\S*|chatbot|sprachmodell|pirat)\b`),
	newOrder("als ki|als künstliche|als sprachmodell", `\bals (?:ki|künstliche intelligenz|sprachmodell|ki-\S+)\b[^.]{0,12}\b(?:musst du|sollst du|darfst du|wirst du|müssen sie|sollen sie|dürfen sie|du musst|du sollst|du darfst|sie müssen)\b`),
	newOrder("antworte|gib |geben sie", `(?:^|[.:;,!]\s*|\b(?:bitte|und) )(?:antworte|antworten sie|gib|geben sie) (?:ab jetzt |ab sofort |von nun an )?(?:nur|ausschließlich|nur noch|stets|immer) (?:noch )?(?:mit|auf|in)\b`),
	newOrder("zitiere|nenne|gib|geben", `(?:^|[.:;,!]\s*|\b(?:bitte|und) )(?:zitiere|zitieren sie|nenne|nennen sie|gib|geben sie) (?:keine|niemals|nie) (?:quellen?|passagen?|belege|zitate|quellenangaben)\b`),
	newOrder("deine|ihre", `(?:zeige?|zeigen sie|verrate|verraten sie|wiederhole|nenne) (?:mir |uns )?(?:deinen?|ihren?) (?:system-?prompt|systemanweisung|anweisungen)`),
	newOrder("system", `^\W{0,4}system(?:-?prompt|anweisung|nachricht)\W{0,2}:`),
	// French.
	newOrder("instruction|consigne|directive|prompt", `(?:ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) pas compte) (?:de )?(?:toutes |tous )?(?:les|tes|vos|ces|des) (?:\S+ )?(?:instructions?|consignes?|directives?|prompts?) (?:précédente?s?|antérieure?s?|ci-dessus|système|initiales?|reçues)`),
	newOrder("instructions|consignes|directives", `(?:ignore[z]?|oublie[z]?) (?:toutes )?(?:tes|vos) (?:instructions|consignes|directives)`),
	newOrder("tu es|vous êtes", `(?:tu es|vous êtes) (?:maintenant|désormais|à présent) (?:une? )?(?:\S+ ){0,2}?(?:ia|assistante?|chatbot|modèle|pirate)\b`),
	newOrder("en tant qu", `\ben tant qu(?:'|’|e )(?:ia|intelligence artificielle|assistante?|modèle|modèle de langage)\b[^.]{0,30}\b(?:tu dois|vous devez|tu ne dois|vous ne devez)\b`),
	newOrder("répond", `(?:^|[.:;,!]\s*|\bet )(?:réponds|répondez) (?:uniquement|seulement|toujours|exclusivement|juste|simplement) (?:par|avec|en)\b`),
	newOrder("ne cite|ne mentionne|ne donne", `(?:^|[.:;,!]\s*|\bet )ne (?:cite|citez|mentionne|mentionnez|donne|donnez) (?:pas|jamais|aucune?) (?:de |les |tes |vos |la )?(?:sources?|passages?|citations?|références?)\b`),
	newOrder("système", `(?:affiche|affichez|révèle|révélez|répète|répétez|montre|montrez)(?:-moi)? (?:ton|votre) (?:prompt|invite|message) système`),
	// Spanish.
	newOrder("instrucciones|indicaciones|órdenes|directrices|prompt", `(?:^|[^\pL\pN\s]\s*|\b(?:y|por favor|ahora) )(?:ignora|ignore|ignorad|ignoren|olvida|olvide|descarta|descarte|haz caso omiso de|haga caso omiso de) (?:todas |todos |a )?(?:las |los |tus |sus |estas )?(?:\S+ )?(?:instrucciones|indicaciones|órdenes|directrices|prompts?)(?: (?:anteriores|previas|previos|de arriba|del sistema|recibidas|iniciales))`),
	newOrder("tus instr|tus indic|tus direct", `(?:^|[^\pL\pN\s]\s*|\by )(?:ignora|ignore|olvida|olvide) (?:todas )?tus (?:instrucciones|indicaciones|directrices)`),
	newOrder("ahora eres|ahora usted es", `(?:ahora eres|a partir de ahora eres|ahora usted es|desde ahora eres) (?:una? )?(?:\S+ ){0,2}?(?:ia|asistente|chatbot|modelo|pirata)\b`),
	newOrder("como ", `\bcomo (?:una )?(?:ia|inteligencia artificial|modelo de lenguaje|asistente de ia),? (?:debes|debe|tienes que|tiene que|no debes|no debe)\b`),
	newOrder("respond|contest", `(?:^|[.:;!¡]\s*|\bpor favor,? )(?:responde|responda|contesta|conteste) (?:solo|sólo|solamente|únicamente|siempre) (?:con|en)\b`),
	newOrder("no cite|no mencione", `(?:^|[.:;,!¡]\s*|\by )no (?:cites|cite|menciones|mencione) (?:las |los |tus |sus |la |ninguna? )?(?:fuentes?|pasajes?|citas?|referencias?)\b`),
	newOrder("sistema", `(?:muestra|muéstrame|revela|repite|dime) (?:\S+ )?tu (?:prompt|mensaje|instrucción) (?:de|del) sistema`),
	// Japanese.
	newOrder("無視|忘れ|従わない", `(?:以前|これまで|上記|今まで|すべて|全て|前|先ほど|従来)の?.{0,6}(?:指示|命令|プロンプト|指令).{0,6}(?:無視し(?:て|ろ|、|なさい)|無視せよ|忘れて|忘れろ|従わないで)`),
	newOrder("あなたは", `あなたは(?:今から|これから|いまから|今後).{0,12}(?:ai|アシスタント|モデル|ボット|として)`),
	newOrder("とだけ|のみ|だけ", `(?:とだけ|のみで|だけで|のみを|とのみ)(?:答え|回答|返答|返信|出力)(?:て|し(?:て|ろ|なさい)|せよ|ろ|なさい)`),
	newOrder("ください", `(?:出典|引用元?|情報源)[をは]?.{0,4}(?:示さない|引用しない|書かない|挙げない|しない)でください`),
	newOrder("プロンプト", `システム ?プロンプトを.{0,6}(?:表示|出力|教え|公開|開示|無視)(?:て|し(?:て|ろ|なさい)|せよ)`),
	newOrder("として", `\bai(?:モデル|アシスタント)?として、?.{0,16}(?:てください|せよ|なければなりません|べきです)`),
	// Korean.
	newOrder("무시|잊", `(?:이전|위|앞선|앞의|지금까지|모든|기존)의? ?.{0,8}(?:지시|명령|지침|프롬프트)\S* ?.{0,4}(?:무시하(?:세요|라|십시오|고)|무시해|잊어|잊으세요)`),
	newOrder("당신은|너는|넌", `(?:당신은|너는|넌) (?:이제부터|지금부터|이제) .{0,14}(?:ai|인공지능|어시스턴트|비서|모델|챗봇)`),
	newOrder("만 ", `(?:라고만|로만|으로만) (?:대답|답변|답|응답|출력)(?:하세요|해|하라|하십시오)`),
	newOrder("하지 마|달지 마", `(?:출처|인용)(?:를|을|은|는)? ?.{0,6}(?:하지 마|말하지 마|표시하지 마|밝히지 마|달지 마)`),
	newOrder("프롬프트", `시스템 프롬프트를? ?.{0,4}(?:출력|공개|보여|알려|무시)(?:해|하|줘|주)`),
}

// maxInstruct is how much of a sentence is looked at, in bytes; what orders a
// model about may stand anywhere in it, but no sentence is longer.
const maxInstruct = 8000

// Instructs reports whether a sentence of a transcript speaks to a language
// model, as in "ignore previous instructions": such words are not given to one,
// and are no evidence. It knows the commonest forms in English, German, French,
// Spanish, Japanese and Korean and the markers of chat formats; it is one fence
// of several, and the check of every sentence against its passages is the one that
// holds. Talk about models is no talk to one.
func Instructs(sentence string) bool {
	text := lowered(cut(sentence, maxInstruct))
	for i := range instructive {
		o := &instructive[i]
		if slices.ContainsFunc(o.hints, func(h string) bool { return strings.Contains(text, h) }) && o.pattern.MatchString(text) {
			return true
		}
	}
	return false
}

// lowered is text in lower case with single spaces, without characters that
// cannot be seen, wide letters made narrow: what hides words from a pattern but
// not from a model.
func lowered(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case breaksLine(r) || unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || invisible(r) || r == '\u200c' || r == '\u200d' || r == '\u00ad':
			return -1
		case r >= '！' && r <= '～' && r != '｜':
			return unicode.ToLower(r - '！' + '!')
		}
		return unicode.ToLower(r)
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
