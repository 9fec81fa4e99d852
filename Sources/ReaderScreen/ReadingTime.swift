/// How long a text takes to read.
public enum ReadingTime {
    /// Characters a minute: 238 words of English (Brysbaert, "How many words do we read per minute?", 2019), six characters
    /// each with the blank. Languages near it differ less than readers do.
    static let alphabetic = 1_430
    /// Characters a minute of Chinese, Japanese and Korean (Trauzettel-Klosinski and Dietz, 2012: 255, 357; between them).
    static let ideographic = 300

    /// Minutes, 1 and up; 0 where there is no text.
    public static func minutes(characters: Int, language: String?) -> Int {
        guard characters > 0 else { return 0 }
        let isIdeographic = ["zh", "ja", "ko"].contains(language?.split(separator: "-").first?.lowercased())
        let pace = isIdeographic ? ideographic : alphabetic
        return max(1, (characters + pace / 2) / pace)
    }
}
