extension FetchFailure {
    /// An address as messages show it: without user and password, and not without end.
    static func shown(_ address: String) -> String {
        var text = Substring(address)
        if let start = address.firstRange(of: "://")?.upperBound {
            let end = address[start...].firstIndex { "/?#".contains($0) } ?? address.endIndex
            if let at = address[start..<end].lastIndex(of: "@") {
                text = address[..<start] + address[address.index(after: at)...]
            }
        }
        let clean = text.unicodeScalars.prefix(200).filter { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
        return String(String.UnicodeScalarView(clean)) + (text.unicodeScalars.count > 200 ? "..." : "")
    }

    /// 410.
    static func gone() -> FetchFailure {
        FetchFailure(
            .gone, "the server says that the feed is gone for good (410)",
            remedy: "remove it, or name it to ask once more")
    }

    /// A redirect that must not be followed.
    static func misled(_ what: String) -> FetchFailure {
        FetchFailure(.forbidden, "the server \(what)", remedy: "check the address, or try again later")
    }

    /// An answer that is no feed.
    ///
    /// - Parameters:
    ///   - url: who answers, if it is another address than the feed's.
    static func refused(by url: String?, status: Int, pause: Int64?) -> FetchFailure {
        let (meaning, remedy) =
            switch status {
            case 204, 205: ("nothing", "try again later")
            case 304: ("\"not modified\" although nothing was known", "try again later")
            case 401, 403, 407, 451: ("\"not allowed\"", "the feed may need an address with a token, or a subscription")
            case 404: ("\"not found\"", "check the address, or look for the feed's new one on its site")
            case 429: ("\"too many requests\"", "fetch less often, or try again later")
            case 500...599: ("an error of its own", "try again later")
            default: ("no feed", "check the address")
            }
        let place = url.map { " at \(shown($0))" } ?? ""
        let left = pause.map { "; it wants to be left alone for \(span($0))" } ?? ""
        return FetchFailure(.refused, "the server answers \(status)\(place), \(meaning)\(left)", remedy: remedy)
    }

    private static func span(_ milliseconds: Int64) -> String {
        let seconds = (milliseconds + 999) / 1_000
        if seconds < 120 { return "\(seconds) s" }
        return seconds < 7_200 ? "\((seconds + 59) / 60) min" : "\((seconds + 3_599) / 3_600) h"
    }
}

extension String {
    /// Where `text` first stands.
    fileprivate func firstRange(of text: String) -> Range<String.Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            formIndex(after: &index)
        }
        return nil
    }
}
