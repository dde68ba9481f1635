package words

// Words that several commands share.
var (
	episodeName    = in("episode", "folge", "épisode", "episodio", "エピソード", "에피소드")
	anyMatchName   = in("any, best first", "alle, beste zuerst", "tous, le meilleur d’abord", "todos, primero el mejor", "すべて（近い順）", "모두(가까운 순서)")
	exactMatchName = in("exactly these words", "genau diese Worte", "exactement ces mots", "exactamente estas palabras", "このとおりの言葉", "정확히 이 말")
)

// commands has everything that people pick or type, by its path.
var commands = map[string]commandEntry{
	"ask": {
		in("ask", "fragen", "demander", "preguntar", "質問", "질문"),
		in("Ask about the episodes and get quotes for an answer", "Etwas zu den Folgen fragen, die Antwort kommt in Zitaten", "Poser une question sur les épisodes, la réponse vient en citations",
			"Preguntar sobre los episodios y recibir citas como respuesta", "エピソードについて質問し、引用で答えをもらいます", "에피소드에 대해 질문하고 인용으로 답을 받아요"),
	},
	"ask question": {
		in("question", "frage", "question", "pregunta", "内容", "내용"),
		in("What you’d like to know", "Was du wissen möchtest", "Ce que tu veux savoir", "Lo que quieres saber", "知りたいこと", "알고 싶은 것"),
	},
	"ask episode": {
		episodeName,
		in("Only this episode", "Nur diese Folge", "Seulement cet épisode", "Solo este episodio", "このエピソードだけ", "이 에피소드만"),
	},
	"ask private": {
		in("private", "privat", "privé", "privado", "非公開", "비공개"),
		in("Only you see the answer", "Nur du siehst die Antwort", "Toi seul vois la réponse", "Solo tú ves la respuesta", "自分だけに答えが見えます", "나만 답변을 볼 수 있어요"),
	},
	"summary": {
		in("summary", "zusammenfassung", "résumé", "resumen", "要約", "요약"),
		in("Sum up an episode in its own words", "Eine Folge im Wortlaut zusammenfassen", "Résumer un épisode avec ses propres mots", "Resumir un episodio con sus propias palabras",
			"エピソードをその言葉で要約します", "에피소드를 나온 말 그대로 요약해요"),
	},
	"summary episode": {
		episodeName,
		in("Which episode; the latest if you leave it out", "Welche Folge; ohne Angabe die neueste", "Quel épisode ; sinon le plus récent", "Qué episodio; si no, el más reciente",
			"エピソード（省略すると最新）", "어느 에피소드(없으면 최신)"),
	},
	"summary style": {
		in("style", "art", "style", "estilo", "形", "방식"),
		in("How to sum it up", "Wie zusammengefasst wird", "La forme du résumé", "La forma del resumen", "要約のしかた", "요약하는 방식"),
	},
	"summary style brief":     {names: in("brief", "kurz", "bref", "breve", "短く", "간단히")},
	"summary style detailed":  {names: in("detailed", "ausführlich", "détaillé", "detallado", "詳しく", "자세히")},
	"summary style chapters":  {names: in("chapters", "Kapitel", "chapitres", "capítulos", "チャプター", "챕터")},
	"summary style takeaways": {names: in("takeaways", "Kernpunkte", "à retenir", "ideas clave", "要点", "핵심")},
	"quote": {
		in("quote", "zitat", "citation", "cita", "引用", "인용"),
		in("Find out who said something, and where", "Herausfinden, wer etwas gesagt hat und wo", "Trouver qui a dit quelque chose, et où", "Averiguar quién dijo algo y dónde",
			"誰がどこで話したかを調べます", "누가 어디에서 한 말인지 찾아요"),
	},
	"quote words": {
		in("words", "worte", "mots", "palabras", "言葉", "말"),
		in("The words as you remember them", "Die Worte, wie du sie in Erinnerung hast", "Les mots dont tu te souviens", "Las palabras como las recuerdas", "覚えている言葉", "기억나는 말"),
	},
	"quote episode": {
		episodeName,
		in("Only this episode", "Nur diese Folge", "Seulement cet épisode", "Solo este episodio", "このエピソードだけ", "이 에피소드만"),
	},
	"quote speaker": {
		in("speaker", "person", "voix", "voz", "話者", "화자"),
		in("Only what this person says", "Nur was diese Person sagt", "Seulement ce que dit cette personne", "Solo lo que dice esta persona", "この人の発言だけ", "이 사람이 한 말만"),
	},
	"quote match": {
		in("match", "treffer", "résultat", "resultado", "一致", "일치"),
		in("How close the words must be", "Wie genau die Worte passen müssen", "À quel point les mots doivent concorder", "Cuánto deben coincidir las palabras", "どれくらい一致すればよいか", "얼마나 비슷해야 하는지"),
	},
	"quote match any":     {names: anyMatchName},
	"quote match exact":   {names: exactMatchName},
	"quote match close":   {names: in("nearly these words", "fast diese Worte", "presque ces mots", "casi estas palabras", "近い言葉", "거의 이 말")},
	"quote match meaning": {names: in("other words, same meaning", "andere Worte, gleicher Sinn", "autres mots, même sens", "otras palabras, mismo sentido", "別の言い方", "다른 말, 같은 뜻")},
	"episodes": {
		in("episodes", "folgen", "épisodes", "episodios", "エピソード一覧", "에피소드-목록"),
		in("See which episodes there are", "Sehen, welche Folgen es gibt", "Voir les épisodes disponibles", "Ver qué episodios hay", "エピソードの一覧を見ます", "어떤 에피소드가 있는지 봐요"),
	},
	"episodes search": {
		in("search", "suche", "recherche", "búsqueda", "検索", "검색"),
		in("Words of the title, the show or the date", "Worte aus Titel, Podcast oder Datum", "Mots du titre, de l’émission ou de la date", "Palabras del título, del programa o de la fecha",
			"タイトル、番組、日付の言葉", "제목, 프로그램, 날짜에 있는 말"),
	},
	"transcript": {
		in("transcript", "transkript", "transcription", "transcripción", "文字起こし", "녹취록"),
		in("Add, remove and pin episodes", "Folgen hinzufügen, entfernen und anheften", "Ajouter, retirer et attacher des épisodes", "Añadir, quitar y fijar episodios",
			"エピソードを追加、削除、固定します", "에피소드를 추가, 삭제, 고정해요"),
	},
	"transcript add": {
		in("add", "hinzufügen", "ajouter", "añadir", "追加", "추가"),
		in("Add an episode’s transcript to this server", "Das Transkript einer Folge auf diesem Server hinzufügen", "Ajouter la transcription d’un épisode à ce serveur", "Añadir la transcripción de un episodio a este servidor",
			"このサーバーに文字起こしを追加します", "이 서버에 녹취록을 추가해요"),
	},
	"transcript add file": {
		in("file", "datei", "fichier", "archivo", "ファイル", "파일"),
		in("Text, subtitles (SRT, VTT), JSON or HTML", "Text, Untertitel (SRT, VTT), JSON oder HTML", "Texte, sous-titres (SRT, VTT), JSON ou HTML", "Texto, subtítulos (SRT, VTT), JSON o HTML",
			"テキスト、字幕（SRT、VTT）、JSON、HTML", "텍스트, 자막(SRT, VTT), JSON, HTML"),
	},
	"transcript add title": {
		in("title", "titel", "titre", "título", "タイトル", "제목"),
		in("Instead of the title in the file", "Statt des Titels in der Datei", "À la place du titre du fichier", "En lugar del título del archivo", "ファイルのタイトルの代わり", "파일에 있는 제목 대신"),
	},
	"transcript add show": {
		in("show", "podcast", "émission", "programa", "番組", "프로그램"),
		in("The podcast it belongs to", "Der Podcast, zu dem sie gehört", "Le podcast dont il fait partie", "El pódcast al que pertenece", "どの番組のエピソードか", "어느 팟캐스트인지"),
	},
	"transcript add date": {
		in("date", "datum", "date", "fecha", "日付", "날짜"),
		in("The day it came out, such as 2025-03-06", "Der Tag der Veröffentlichung, etwa 2025-03-06", "Le jour de sa sortie, par exemple 2025-03-06", "El día en que salió, por ejemplo 2025-03-06",
			"公開日（例：2025-03-06）", "공개된 날(예: 2025-03-06)"),
	},
	"transcript add audio_url": {
		in("audio_url", "audio-adresse", "adresse-audio", "dirección-audio", "音声のアドレス", "오디오-주소"),
		in("Where to listen; links then open at the right time", "Wo man sie hört; Links öffnen dann die richtige Stelle", "Où l’écouter ; les liens s’ouvrent alors au bon moment", "Dónde escucharlo; los enlaces se abren en su momento",
			"音声のアドレス。リンクがその時刻で開きます", "들을 수 있는 곳. 링크가 그 시간에서 열려요"),
	},
	"transcript remove": {
		in("remove", "entfernen", "retirer", "quitar", "削除", "삭제"),
		in("Remove one of this server’s episodes", "Eine Folge dieses Servers entfernen", "Retirer un épisode de ce serveur", "Quitar un episodio de este servidor", "このサーバーのエピソードを削除します", "이 서버의 에피소드를 삭제해요"),
	},
	"transcript remove episode": {
		episodeName,
		in("Which episode", "Welche Folge", "Quel épisode", "Qué episodio", "どのエピソードか", "어느 에피소드인지"),
	},
	"transcript pin": {
		in("pin", "anheften", "attacher", "fijar", "固定", "고정"),
		in("Choose the episode this channel is about", "Festlegen, um welche Folge es in diesem Kanal geht", "Choisir l’épisode dont parle ce salon", "Elegir el episodio del que trata este canal",
			"このチャンネルのエピソードを決めます", "이 채널에서 다룰 에피소드를 정해요"),
	},
	"transcript pin episode": {
		episodeName,
		in("Which episode; leave it out to see the pinned one", "Welche Folge; ohne Angabe siehst du die angeheftete", "Quel épisode ; sinon, affiche celui qui est attaché", "Qué episodio; si no, muestra el fijado",
			"エピソード（省略すると固定中のもの）", "어느 에피소드(없으면 고정된 것을 보여요)"),
	},
	"settings": {
		in("settings", "einstellungen", "réglages", "ajustes", "設定", "설정"),
		in("Who may ask and add, limits, language", "Wer fragen und hinzufügen darf, Grenzen, Sprache", "Qui peut demander et ajouter, limites, langue", "Quién puede preguntar y añadir, límites, idioma",
			"質問や追加ができる人、上限、言語", "질문하고 추가할 수 있는 사람, 한도, 언어"),
	},
	"help": {
		in("help", "hilfe", "aide", "ayuda", "ヘルプ", "도움말"),
		in("What I can do", "Was ich kann", "Ce que je sais faire", "Lo que sé hacer", "できること", "할 수 있는 일"),
	},
	"privacy": {
		in("privacy", "datenschutz", "vie-privée", "privacidad", "プライバシー", "개인정보"),
		in("What I keep about you, and for how long", "Was ich über dich speichere und wie lange", "Ce que je garde sur toi, et combien de temps", "Lo que guardo sobre ti y durante cuánto tiempo", "保存される情報とその期間", "저장하는 정보와 기간"),
	},
	"forget-me": {
		in("forget-me", "vergiss-mich", "oublie-moi", "olvídame", "データ削除", "내-데이터-삭제"),
		in("Delete what I keep about you", "Löschen, was ich über dich speichere", "Supprimer ce que je garde sur toi", "Borrar lo que guardo sobre ti", "保存された情報を削除します", "저장된 정보를 삭제해요"),
	},
	"Find in episodes": {names: in("Find in episodes", "In Folgen suchen", "Chercher dans les épisodes", "Buscar en los episodios", "エピソードで探す", "에피소드에서 찾기")},
}
