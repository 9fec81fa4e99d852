/// Guesses the encoding of a document that declares none and is no UTF-8, by what its characters would be.
///
/// Texts in one alphabet have few characters past ASCII next to each other in Latin scripts, and long runs of them in
/// all others; a wrong decoding of the latter shows in rare characters. Without good evidence it is windows-1252, as on
/// the web.
enum EncodingGuess {
    /// Most bytes looked at, those around characters past ASCII.
    private static let sampleBytes = 32 << 10

    static func guess(_ raw: [UInt8]) -> TextEncoding {
        let sample = sample(of: raw)
        guard sample.isForeign else { return .windows1252 }
        var best = (encoding: TextEncoding.windows1252, score: 550)
        for (label, script) in candidates {
            guard let encoding = EncodingLabels.encoding(of: label) else { continue }
            let text = TextDecoder.decode(sample.bytes[...], as: encoding, stopsAtError: true)
            guard !text.hasErrors else { continue }
            let score = script.score(String(decoding: text.bytes, as: UTF8.self))
            if score > best.score { best = (encoding, score) }
        }
        return best.encoding
    }

    private static let candidates: [(String, Script)] = [
        ("shift_jis", .japanese), ("euc-jp", .japanese), ("euc-kr", .korean), ("big5", .traditionalChinese),
        ("gbk", .simplifiedChinese), ("koi8-r", .cyrillic), ("windows-1251", .cyrillic),
        ("iso-8859-5", .cyrillic), ("windows-1253", .greek), ("windows-1255", .hebrew), ("windows-874", .thai),
    ]

    /// The runs of bytes past 0x7F with what is between them of one or two bytes, and whether they are long.
    private static func sample(of raw: [UInt8]) -> (bytes: [UInt8], isForeign: Bool) {
        var bytes: [UInt8] = []
        var (runs, high, length) = (0, 0, 0)
        var index = 0
        while index < raw.count, bytes.count < sampleBytes {
            guard raw[index] >= 0x80 else {
                index += 1
                continue
            }
            var end = index
            let limit = min(raw.count, index + sampleBytes)
            // A trail byte of Shift_JIS or Big5 may be ASCII.
            while end < limit, raw[end] >= 0x80 || (end + 1 < raw.count && raw[end + 1] >= 0x80 && raw[end] >= 0x40) {
                high += raw[end] >= 0x80 ? 1 : 0
                length += 1
                end += 1
            }
            if end < raw.count, raw[end] >= 0x40, raw[end] < 0x7F { end += 1 }
            runs += 1
            bytes.append(contentsOf: raw[index..<end])
            bytes.append(0x20)
            index = end
        }
        return (bytes, runs > 0 && high * 10 >= runs * 25)
    }
}

/// How a text in one script looks.
enum Script {
    case japanese, korean, traditionalChinese, simplifiedChinese, cyrillic, greek, hebrew, thai

    /// How far `text` is likely in the script, in thousandths.
    func score(_ text: String) -> Int {
        var (all, own, frequent) = (0, 0, 0)
        for scalar in text.unicodeScalars where scalar.value >= 0x80 {
            all += 1
            if holds(scalar.value) { own += 1 }
            if common.contains(scalar) { frequent += 1 }
        }
        guard all > 0 else { return 0 }
        switch self {
        // Ideographs alone prove nothing: every pair of bytes is one in some set.
        case .japanese: return (own * 700 + frequent * 500) / all
        case .traditionalChinese, .simplifiedChinese: return (own * 500 + min(frequent * 4, all) * 490) / all
        // The ten letters that make up most of a text: another alphabet in the same places has others there.
        case .cyrillic, .greek, .hebrew: return (own * 500 + frequent * 700) / all
        default: return own * 900 / all
        }
    }

    private func holds(_ value: UInt32) -> Bool {
        switch self {
        case .japanese: (0x3040...0x30FF).contains(value) || (0x4E00...0x9FFF).contains(value)
        case .korean: (0xAC00...0xD7A3).contains(value)
        case .traditionalChinese, .simplifiedChinese:
            (0x4E00...0x9FFF).contains(value) || (0x3000...0x303F).contains(value) || (0xFF00...0xFF5E).contains(value)
        case .cyrillic: (0x0430...0x044F).contains(value) || value == 0x0451
        case .greek: (0x0386...0x03CE).contains(value)
        case .hebrew: (0x05D0...0x05EA).contains(value)
        case .thai: (0x0E01...0x0E5B).contains(value)
        }
    }

    private var common: Set<Unicode.Scalar> {
        switch self {
        case .japanese: Self.kana
        case .traditionalChinese: Self.traditional
        case .simplifiedChinese: Self.simplified
        case .cyrillic: Self.russian
        case .greek: Self.greekLetters
        case .hebrew: Self.hebrewLetters
        case .korean, .thai: []
        }
    }

    private static let kana = Set((0x3041...0x3096).compactMap { Unicode.Scalar($0 as UInt32) })
    private static let russian = Set("оеаинтсрвл".unicodeScalars)
    private static let greekLetters = Set("αοιετσνηυρ".unicodeScalars)
    private static let hebrewLetters = Set("יוהלאתרבמש".unicodeScalars)
    private static let traditional = Set(
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日"
            .unicodeScalars)
    private static let simplified = Set(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日"
            .unicodeScalars)
}
