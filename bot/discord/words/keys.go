package words

// Answers. %s in a comment is what the argument is.
const (
	// AnswerLead stands above the quotes of an extractive answer.
	AnswerLead Key = "answer.lead"
	// AnswerModel stands below an answer that a model wrote: its name.
	AnswerModel Key = "answer.model"
	// AnswerUnderstood: the question as it was searched.
	AnswerUnderstood Key = "answer.understood"
	Sources          Key = "answer.sources"
	NotInEpisode     Key = "refusal.one"
	NotInEpisodes    Key = "refusal.many"
	WhyNothing       Key = "refusal.nothing"
	// WhyNotSpokenOf: the words, quoted and joined.
	WhyNotSpokenOf Key = "refusal.not-spoken-of"
	WhyNoNumber    Key = "refusal.no-number"
	WhyNoFuture    Key = "refusal.no-future"
	WhyThin        Key = "refusal.thin"
	// WhyNobody: the name, quoted.
	WhyNobody Key = "refusal.nobody"
	// WhyNoShow: the show, quoted.
	WhyNoShow      Key = "refusal.no-show"
	WhyNoDates     Key = "refusal.no-dates"
	NearestMoments Key = "refusal.nearest"
)

// Places and counts.
const (
	// PlaceLine: the number.
	PlaceLine Key = "place.line"
	// PlaceLines: the first and the last number.
	PlaceLines Key = "place.lines"
	// The counts have the number as argument and plural forms.
	Lines    Key = "count.lines"
	Passages Key = "count.passages"
	Episodes Key = "count.episodes"
	Places   Key = "count.places"
	Warnings Key = "count.warnings"
	More     Key = "count.more"
	// PageOf: the page and how many there are.
	PageOf Key = "page.of"
)

// Buttons, at most 34 code points each.
const (
	ButtonContext    Key = "button.context"
	ButtonAskFurther Key = "button.ask-further"
	ButtonThread     Key = "button.thread"
	ButtonUndo       Key = "button.undo"
	ButtonRemove     Key = "button.remove"
	ButtonKeep       Key = "button.keep"
	ButtonEarlier    Key = "button.earlier"
	ButtonLater      Key = "button.later"
	ButtonCited      Key = "button.cited"
	ButtonPrevious   Key = "button.previous"
	ButtonNext       Key = "button.next"
	ButtonBack       Key = "button.back"
	ButtonSummary    Key = "button.summary"
	ButtonAskAbout   Key = "button.ask-about"
	ButtonUnpin      Key = "button.unpin"
	ButtonListen     Key = "button.listen"
	ButtonTranscript Key = "button.transcript"
	ButtonLimits     Key = "button.limits"
	ButtonMakePublic Key = "button.make-public"
	ButtonMakeHidden Key = "button.make-private"
	ButtonForget     Key = "button.forget"
	ButtonCancel     Key = "button.cancel"
	AllEpisodes      Key = "choice.all-episodes"
)

// Ratings and forms. Titles and labels have at most 45 code points,
// placeholders 100.
const (
	ThanksGood    Key = "feedback.good"
	ThanksBad     Key = "feedback.bad"
	FeedbackTitle Key = "feedback.title"
	FeedbackLabel Key = "feedback.label"
	FeedbackHint  Key = "feedback.hint"
	AskTitle      Key = "ask.title"
	AskLabel      Key = "ask.label"
	AskHint       Key = "ask.hint"
	AskAboutTitle Key = "ask.about-title"
	AskAboutHint  Key = "ask.about-hint"
)

// What is shown while the bot works.
const (
	Reading Key = "work.reading"
	// Indexing: how many passages are done, and of how many.
	Indexing Key = "work.indexing"
	// QueuePlace: the number of the place.
	QueuePlace Key = "work.queue"
)

// Quotes.
const (
	GradeExact   Key = "quote.exact"
	GradeClose   Key = "quote.close"
	GradeMeaning Key = "quote.meaning"
	NotSaid      Key = "quote.not-said"
	// NotSaidWhat: the words, quoted.
	NotSaidWhat Key = "quote.not-said-what"
	// NotSaidGrade: the words, quoted, and the only grade that was looked for.
	NotSaidGrade  Key = "quote.not-said-grade"
	CheckSaid     Key = "check.said"
	CheckNearly   Key = "check.nearly"
	CheckNotSaid  Key = "check.not-said"
	CheckNear     Key = "check.near"
	CheckLegend   Key = "check.legend"
	CheckCut      Key = "check.cut"
	CheckNoWords  Key = "check.no-words"
	QuoteTooLong  Key = "quote.too-long" // the limit in words
	QuestionEmpty Key = "ask.empty"
	HintExample   Key = "ask.hint-example"
	MentionEmpty  Key = "ask.mention-empty" // an example of a question, quoted
)

// Summaries.
const (
	StyleBrief     Key = "summary.brief"
	StyleDetailed  Key = "summary.detailed"
	StyleChapters  Key = "summary.chapters"
	StyleTakeaways Key = "summary.takeaways"
	// SummaryRead: lines read and lines in all.
	SummaryRead Key = "summary.read"
	// SummaryReadAll: lines in all.
	SummaryReadAll Key = "summary.read-all"
	SummaryEmpty   Key = "summary.empty"
)

// Episodes.
const (
	EpisodesTitle Key = "episodes.title"
	// EpisodesFound: what was searched, quoted.
	EpisodesFound Key = "episodes.found"
	// EpisodesNoMatch: what was searched, quoted.
	EpisodesNoMatch Key = "episodes.no-match"
	NothingAdded    Key = "episodes.nothing"
	// NothingAddedHow: the command that adds.
	NothingAddedHow Key = "episodes.nothing-how"
	EpisodesOpen    Key = "episodes.open"
	LabelShow       Key = "label.show"
	LabelDate       Key = "label.date"
	LabelSpeakers   Key = "label.speakers"
	LabelFormat     Key = "label.format"
	LabelSize       Key = "label.size"
	LabelTimes      Key = "label.times"
	LabelSeen       Key = "label.seen"
	Yes             Key = "yes"
	No              Key = "no"
	SeenByAll       Key = "seen.all"
	SeenHere        Key = "seen.here"
	Untitled        Key = "episodes.untitled"
)

// Adding, removing and pinning transcripts.
const (
	Added    Key = "upload.added"
	Replaced Key = "upload.replaced"
	UndoHint Key = "upload.undo-hint"
	// Undone and Restored: the title.
	Undone   Key = "upload.undone"
	Restored Key = "upload.restored"
	UndoLate Key = "upload.undo-late"
	// UploadTooLarge: the file's name and the limit.
	UploadTooLarge Key = "upload.too-large"
	// UploadKind: the file's name and the kinds that are read.
	UploadKind       Key = "upload.kind"
	UploadFetch      Key = "upload.fetch"
	UploadNotDiscord Key = "upload.not-discord"
	// UploadUnreadable: the file's name.
	UploadUnreadable Key = "upload.unreadable"
	// UploadUnreadableAt: the file's name and the line.
	UploadUnreadableAt Key = "upload.unreadable-at"
	ReasonEmpty        Key = "upload.reason-empty"
	ReasonNoTranscript Key = "upload.reason-no-transcript"
	ReasonTooLarge     Key = "upload.reason-too-large"
	ReasonTooLong      Key = "upload.reason-too-long"
	ReasonTooMany      Key = "upload.reason-too-many"
	UploadDate         Key = "upload.date" // what was given, quoted
	UploadAudio        Key = "upload.audio"
	UploadFull         Key = "upload.full"
	UploadBusy         Key = "upload.busy"
	// RemoveAsk, Removed, Pinned and PinShow: the title.
	RemoveAsk    Key = "remove.ask"
	RemoveWhat   Key = "remove.what"
	Removed      Key = "remove.done"
	Kept         Key = "remove.kept"
	RemovePublic Key = "remove.public"
	Pinned       Key = "pin.done"
	PinShow      Key = "pin.show"
	PinNone      Key = "pin.none" // the command that pins
	Unpinned     Key = "pin.undone"
)

// Settings.
const (
	SettingsTitle     Key = "settings.title"
	SettingsAsk       Key = "settings.ask"
	SettingsAskHint   Key = "settings.ask-hint"
	SettingsAdd       Key = "settings.add"
	SettingsAddHint   Key = "settings.add-hint"
	SettingsAnswers   Key = "settings.answers"
	SettingsHidden    Key = "settings.private"
	SettingsOpen      Key = "settings.open"
	SettingsLimits    Key = "settings.limits"
	SettingsPerUser   Key = "settings.per-user"   // count of questions
	SettingsPerServer Key = "settings.per-server" // count of questions
	SettingsCooldown  Key = "settings.cooldown"   // count of seconds
	SettingsNoUser    Key = "settings.no-user-limit"
	SettingsNoServer  Key = "settings.no-server-limit"
	SettingsNoWait    Key = "settings.no-cooldown"
	SettingsLanguage  Key = "settings.language"
	LanguageServer    Key = "settings.language-server"
	LanguageName      Key = "settings.language-name" // its own name
	Everyone          Key = "settings.everyone"
	// SettingsRange: what, the least and the greatest number.
	SettingsRange  Key = "settings.range"
	LimitsTitle    Key = "limits.title"
	LimitsUser     Key = "limits.user"
	LimitsServer   Key = "limits.server"
	LimitsHint     Key = "limits.hint"
	LimitsCooldown Key = "limits.cooldown"
)

// What is refused, and to whom.
const (
	// DeniedAsk, DeniedManage and DeniedSettings: who may.
	DeniedAsk      Key = "denied.ask"
	DeniedManage   Key = "denied.manage"
	DeniedThread   Key = "denied.thread" // who may
	DeniedSettings Key = "denied.settings"
	// PeopleWith: the name of a permission.
	PeopleWith Key = "denied.people-with"
	// DeniedCooldown: a time from now.
	DeniedCooldown Key = "denied.cooldown"
	// DeniedUserDay and DeniedServerDay: the limit, and a time from now.
	DeniedUserDay   Key = "denied.user-day"
	DeniedServerDay Key = "denied.server-day"
	OnlyInServer    Key = "denied.only-in-server"
	// MissingPermission: the names of permissions.
	MissingPermission Key = "denied.missing-permission"
	ManageServer      Key = "permission.manage-server"
	ViewChannel       Key = "permission.view-channel"
	SendMessages      Key = "permission.send-messages"
	SendInThreads     Key = "permission.send-in-threads"
	ReadHistory       Key = "permission.read-history"
	CreateThreads     Key = "permission.create-threads"
)

// Notices and errors.
const (
	// EpisodeUnknown: what was given, quoted.
	EpisodeUnknown Key = "error.episode-unknown"
	DidYouMean     Key = "error.did-you-mean"
	// EpisodeUnknownHint: the command that lists.
	EpisodeUnknownHint Key = "error.episode-hint"
	EpisodeGone        Key = "error.episode-gone"
	OldButton          Key = "error.old-button"
	OldCommand         Key = "error.old-command"
	FormTooLong        Key = "error.form-too-long" // the limit in characters
	ErrorGeneral       Key = "error.general"
	ErrorReference     Key = "error.reference" // the reference
	ShuttingDown       Key = "error.shutting-down"
	Busy               Key = "error.busy"
	OnlyPublic         Key = "notice.only-public"
	ThreadWelcome      Key = "thread.welcome"
	ThreadWelcomeAll   Key = "thread.welcome-all" // where the bot reads every message
	ThreadHere         Key = "thread.opened"      // the thread
	ThreadName         Key = "thread.name"        // where the question has no words
	Presence           Key = "presence"
)

// Help and privacy.
const (
	HelpTitle      Key = "help.title"
	HelpIntro      Key = "help.intro"
	HelpAsk        Key = "help.ask"
	HelpFollow     Key = "help.follow"
	HelpSummary    Key = "help.summary"
	HelpQuote      Key = "help.quote"
	HelpFind       Key = "help.find" // the name of the message command
	HelpEpisodes   Key = "help.episodes"
	HelpTranscript Key = "help.transcript"
	HelpSettings   Key = "help.settings"
	HelpPrivacy    Key = "help.privacy"
	HelpHow        Key = "help.how"

	PrivacyTitle      Key = "privacy.title"
	PrivacyKept       Key = "privacy.kept"
	PrivacyTurns      Key = "privacy.turns"
	PrivacyRatings    Key = "privacy.ratings"
	PrivacyUnanswered Key = "privacy.unanswered"
	PrivacyUndo       Key = "privacy.undo"
	PrivacyCounts     Key = "privacy.counts"
	PrivacyNotKept    Key = "privacy.not-kept"
	PrivacyNotWhat    Key = "privacy.not-what"
	PrivacyWho        Key = "privacy.who"
	PrivacyWhoWhat    Key = "privacy.who-what"
	PrivacyForget     Key = "privacy.forget" // the command
	PrivacyEndpoint   Key = "privacy.endpoint"
	PrivacyThreads    Key = "privacy.threads"
	PrivacyFind       Key = "privacy.find" // the name of the message command

	ForgetAsk     Key = "forget.ask"
	ForgetWhat    Key = "forget.what"
	ForgetDone    Key = "forget.done" // count of records
	ForgetNothing Key = "forget.nothing"
)

// What a language model has to do with. The texts say what is so in a sentence
// each, since they stand below answers and refusals alike.
const (
	// DraftUnchecked stands above an answer that is still coming.
	DraftUnchecked Key = "draft.unchecked"
	// AnswerCounted stands above an answer that was counted, not written.
	AnswerCounted Key = "answer.counted"
	// AnswerCovered: how many passages were read, and of how many.
	AnswerCovered Key = "answer.covered"
	// AnswerLeft: how many items of a list more were found than the next number
	// says are shown.
	AnswerLeft Key = "answer.left"
	// SentencesRemoved and PointsRemoved: how many were left out. SentencesBeside
	// stands behind the first, in the same line.
	SentencesRemoved Key = "answer.removed"
	SentencesBeside  Key = "answer.beside"
	PointsRemoved    Key = "summary.removed"
	// Why no model made an answer, though there is one.
	WithoutDown        Key = "without.down"
	WithoutBusy        Key = "without.busy"
	WithoutSlow        Key = "without.slow"
	WithoutBudget      Key = "without.budget"
	WithoutUnsupported Key = "without.unsupported"
	WithoutBeside      Key = "without.beside"
	// SummaryModel: the model's name.
	SummaryModel Key = "summary.model"
	// SummaryWorking: how many steps are done, and of how many.
	SummaryWorking Key = "summary.working"

	SettingsModel Key = "settings.model"
	// SettingsNoModel says that there is none.
	SettingsNoModel  Key = "settings.no-model"
	SettingsTokens   Key = "settings.tokens" // count of tokens
	SettingsNoTokens Key = "settings.no-tokens"
	SettingsCost     Key = "settings.cost" // the amount
	SettingsNoCost   Key = "settings.no-cost"
	SettingsToday    Key = "settings.today" // what was used
	// SettingsAmount: what, the least and the greatest amount.
	SettingsAmount Key = "settings.amount"
	LimitsTokens   Key = "limits.tokens"
	LimitsCost     Key = "limits.cost"
	// LimitsModelHint says what 0 is where the operator has a limit, too.
	LimitsModelHint Key = "limits.model-hint"

	HelpIntroModel Key = "help.intro-model"
	// PrivacyModel: the model's name and its host.
	PrivacyModel   Key = "privacy.model"
	PrivacySummary Key = "privacy.summary"
	// PrivacyUnlogged and PrivacyLogged say whether that is written into a log.
	PrivacyUnlogged Key = "privacy.unlogged"
	PrivacyLogged   Key = "privacy.logged"
)
