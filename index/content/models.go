package content

import "unicode"

// A model tells what a character costs in an encoding, in tenths of a bit: ten
// times the negative logarithm, base 2, of how probable it is in texts that are
// written in it. Only differences matter, and those between right and wrong are
// large; the figures of letters are measured ones, the others estimates.
type model struct {
	encoding Encoding
	prior    int // what must be made up for: most legacy source is Western
	cost     func(g glyph) int
}

var models = []*model{
	{Windows1252, 0, costWestern},
	{Windows1251, 50, costCyrillic},
	{KOI8R, 60, costCyrillic},
	{GB18030, 80, costChinese},
	{ShiftJIS, 80, costJapanese(0x889f, 0x9872)},
	{EUCJP, 85, costJapanese(0xb0a1, 0xcfd3)},
}

const (
	costInvalid = 400

	// costNoise is a byte over 0x7f of which nothing is known, 7 bits and one for the
	// decision: no model wins that does not explain the text better than chance.
	costNoise = 80
)

var latin = common("éèàçêüöäßñóíáåøæôîâûëïúãõ", 55, "©°§«»µ±·®²³’“”‘–—…•€™¡¿\u00a0", 60)

// costWestern is for the languages of Western Europe: accented letters between ASCII
// ones, seldom two of them together.
func costWestern(g glyph) int {
	c, known := latin[g.r]
	switch {
	case known:
	case unicode.IsLetter(g.r):
		c = 85
	default:
		return costNoise
	}
	if unicode.IsLetter(g.r) {
		switch {
		case g.run >= 2 && unicode.IsLetter(g.before):
			c += 80
		case g.run == 1 && unicode.IsLetter(g.before):
			c += 30
		case unicode.IsLower(g.before) && unicode.IsUpper(g.r):
			c += 60
		}
	}
	return min(c, costNoise)
}

// russian has the letters by their frequency in the Russian National Corpus
// (O. Lyashevskaya, S. Sharov, Chastotnyi slovar', 2009), with those of
// Ukrainian and Belarusian as rare ones.
var russian = func() map[rune]int {
	costs := map[rune]int{'ё': 70}
	for i, r := range []rune("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ") {
		costs[r] = []int{32, 36, 36, 38, 39, 40, 42, 44, 45, 45, 48, 50, 51, 52, 53, 56,
			57, 58, 59, 59, 60, 61, 64, 67, 67, 71, 73, 77, 81, 83, 86, 100}[i]
	}
	for _, r := range "іїєґў" {
		costs[r] = 75
	}
	return costs
}()

var russianSigns = common("№«»–—…„“”\u00a0", 70, "©®™°§±·•µ", 90)

// costCyrillic is for Russian and its neighbours: words wholly of Cyrillic letters,
// capitals at their beginning or throughout.
func costCyrillic(g glyph) int {
	letter, known := russian[unicode.ToLower(g.r)]
	switch {
	case known:
	case isCyrillic(g.r):
		letter = 110
	default:
		if c, ok := russianSigns[g.r]; ok {
			return c
		}
		return 130
	}
	if isASCIILetter(g.before) || isASCIILetter(rune(g.after)) {
		letter += 80
	}
	inWord := isCyrillic(g.before)
	switch {
	case unicode.IsUpper(g.r) && inWord && unicode.IsLower(g.before):
		letter += 60
	case unicode.IsUpper(g.r) && inWord:
		letter += 3
	case unicode.IsUpper(g.r):
		letter += 10
	case !inWord && (g.r == 'ь' || g.r == 'ы' || g.r == 'ъ'):
		letter += 50
	}
	if !inWord && g.after < 0x80 {
		letter += 30 // a word of one letter
	}
	return letter
}

func isCyrillic(r rune) bool { return r >= 0x400 && r < 0x530 }

func isASCIILetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }

// common makes a set of characters with these costs, the cheaper first.
func common(first string, cost int, then string, more int) map[rune]int {
	costs := map[rune]int{}
	for _, r := range then {
		costs[r] = more
	}
	for _, r := range first {
		costs[r] = cost
	}
	return costs
}

var hanzi = common("的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理"+
	"，。、：；！？（）“”《》—", 70,
	"心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔早步华"+
		"返函参值字符串错误初始配置线存读写输调针型默删除修改检查获试版释缓冲络连服器端消息列节注码编译源循环复杂优支持注意返启停止执钱验证索引映射排序插匹块备份载析模式块层组项户密默键例图片池栈堆锁阻塞超限环境径树", 95)

// costChinese is for GB 2312 and what extends it. Modern text is nearly all of its
// level 1, rows 16 to 55.
func costChinese(g glyph) int {
	if c, ok := hanzi[g.r]; ok {
		return c
	}
	if len(g.raw) != 2 {
		return 300
	}
	lead, trail := g.raw[0], g.raw[1]
	switch {
	case trail < 0xa1:
		return 240
	case lead >= 0xb0 && lead <= 0xd7:
		return 130
	case lead == 0xa1 || lead == 0xa3:
		return 100
	case lead == 0xa4 || lead == 0xa5:
		return 160
	case lead >= 0xd8 && lead <= 0xf7:
		return 190
	}
	return 240
}

var kanji = common("のにはをたがでてとしれさいるもなこあらりうかくすきっまそつおけどだよせえみわやねちめばげじずほろべひふ"+"、。ーんン", 50,
	"アイウエオカキクケコサシスセソタチツテトナニネノハヒフヘホマミムメモヤユヨラリルレロワァィェォッャュョガギグゲゴザジズゼゾダデドバビブベボパピプペポぁぃぅぇぉゃゅょがぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽむへぬゆ「」・（）"+
		"日一国人年大十二本中長出三時行見月分後前生五間上東四今入学高円子外八六下来気小七山話北百書先名川千水半男西電校語土木食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海知道集別物使品計特私始運終台広有少町料建止送切転研究起着病質待試験銀早映親医仕去味写字答音注古歌図週室歩紙走実関数値列変返初期化処設定引型義配構造呼領域確保解放込力番号状態情報取得追加削除更認失敗成功了条件指示必要対象合結果登録検索接続信形式効無部外最現在次全個様点直側面複", 80)

// costJapanese is for kana and kanji; first and last are the kanji of level 1 in
// JIS X 0208, as the encoding has them.
func costJapanese(first, last uint16) func(glyph) int {
	return func(g glyph) int {
		if c, ok := kanji[g.r]; ok {
			return c
		}
		switch {
		case g.r >= 0xff61 && g.r <= 0xff9f: // katakana of half width, one byte in Shift_JIS
			return 75 * len(g.raw)
		case len(g.raw) != 2:
			return 250
		}
		switch pair := uint16(g.raw[0])<<8 | uint16(g.raw[1]); {
		case unicode.Is(unicode.Hiragana, g.r), unicode.Is(unicode.Katakana, g.r):
			return 90
		case pair >= first && pair <= last:
			return 120
		case !unicode.Is(unicode.Han, g.r) && !unicode.Is(unicode.Co, g.r):
			return 110
		}
		return 190
	}
}
