/// Names of months and weekdays as feeds write them, full or cut short, in the languages most feeds are in.
enum DateNames {
    /// The month, 1...12, that `word` (in small letters) begins like; `nil` when it names none.
    static func month(_ word: String) -> Int? {
        let long = word.prefix(4)
        return months[String(long)] ?? (long.count == 4 ? months[String(word.prefix(3))] : nil)
    }

    /// Whether `word` (in small letters) names a weekday, or is a word that stands between the parts of a date.
    static func isFiller(_ word: String) -> Bool {
        fillers.contains(word) || weekdays.contains(String(word.prefix(3))) || weekdays.contains(word)
    }

    /// Four letters decide where three do not (`juin`, `juillet`; `maart`, `maandag`).
    private static let months: [String: Int] = {
        let names = [
            "jan ene gen янв sty ιαν oca 1月",
            "feb fév fev fevr лют фев lut φεβ şub únor",
            "mar mär mrz mär maer már maar mrt мар μάρ μαρ μάϊ_ μαώ μάώ brez",
            "apr avr abr ápr апр kwi απρ nis",
            "may mai mei mag maj máj мая май μάι μαι μαϊ maí",
            "jun juin jún giu июн cze ιούν ιουν ιον haz",
            "jul juil júl lug июл lip ιούλ ιουλ ιολ tem",
            "aug aoû aou ago авг sie αύγ αυγ ağu",
            "sep set sze сен wrz σεπ eyl",
            "oct okt ott out окт paź paz οκτ eki",
            "nov ноя lis νοέ νοε kas",
            "dec déc dez dic дек gru δεκ ara des",
        ]
        var months: [String: Int] = [:]
        for (index, line) in names.enumerated() {
            for name in line.split(separator: " ") { months[String(name)] = index + 1 }
        }
        return months
    }()

    private static let weekdays = Set(
        """
        mon tue wed thu fri sat sun mo di mi do fr sa so mon die mit don fre sam son lun mar mer jeu ven sam dim mié mie jue
        vie sáb sab dom gio woe din vri zat zon ma wo vr za zo seg ter qua qui sex pon wto śr śro sro czw pią pia sob nie
        пн вт ср чт пт сб вс пон вто сре чет пят суб вос κυρ δευ τρι τετ πέμ πεμ παρ σάβ σαβ hét kedd sze csü pén szo vas
        måndag mån tis ons tor fre lör sön man tir ons tor lør søn
        """.split { $0 == " " || $0 == "\n" }.map(String.init))
    private static let fillers: Set<String> = [
        "de", "del", "of", "at", "um", "uhr", "à", "alle", "ore", "kl", "den", "le", "el", "il", "om", "the", "på", "o",
        "г", "г.", "года", "в", "r.", "maandag", "donnerstag",
    ]
}

/// Korean, Japanese and Chinese dates, which name their units.
enum EastAsianDate {
    /// `text` with the units made separators, morning and afternoon made am and pm. A Korean form has Korea's zone.
    static func unified(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value > 0x2E00 }) else { return text }
        var out = ""
        var half = ""
        for character in text {
            switch character {
            case "년", "年", "월", "月": out += "-"
            case "일", "日": out += " "
            case "시", "時", "时", "분", "分": out += ":"
            case "초", "秒": out += " "
            default: out.append(character)
            }
        }
        for (name, meaning) in [("오전", "am"), ("오후", "pm"), ("午前", "am"), ("午後", "pm"), ("上午", "am"), ("下午", "pm")] {
            if let range = out.firstRange(of: name) {
                out.removeSubrange(range)
                half = " " + meaning
            }
        }
        let isKorean = text.contains("년") || text.contains("오전") || text.contains("오후")
        let words = out.split(separator: " ").map { word in
            word.hasSuffix(":") || word.hasSuffix("-") ? word.dropLast() : word
        }
        return Self.joined(words) + half + (isKorean ? " +0900" : "")
    }

    /// `2004- 05- 28` is one date: units and what they belong to may stand apart.
    private static func joined(_ words: [Substring]) -> String {
        let leading = words.prefix { $0.allSatisfy { $0.isNumber || $0 == "-" } }
        guard leading.count == 3 else { return words.joined(separator: " ") }
        return leading.joined(separator: "-") + " " + words.dropFirst(3).joined(separator: " ")
    }
}
