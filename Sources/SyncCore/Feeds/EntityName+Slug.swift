extension EntityName {
    /// A name made of a text: in small letters, and each run of what a name cannot hold becomes a hyphen. `nil` if
    /// nothing is left.
    public init?(slugOf text: some StringProtocol) {
        var slug = ""
        for character in text.lowercased() {
            if EntityName(String(character)) != nil {
                slug.append(character)
            } else if slug.last != "-" {
                slug.append("-")
            }
        }
        let trimmed = slug.drop { $0 == "-" || $0 == "." }.prefix(64)
        self.init(trimmed.last == "-" ? trimmed.dropLast() : trimmed)
    }

    /// The name of what has no other: a prefix of at most 31 letters and hyphens, and the digest of a text.
    init(prefix: StaticString, digestOf text: some StringProtocol) {
        self.text = "\(prefix)-" + Digest128(hashing: text.utf8).description
    }

    /// A name for a text in any script: its slug, or `feed-` with its digest.
    public init(feedNamed text: some StringProtocol) {
        self = EntityName(slugOf: text) ?? EntityName(prefix: "feed", digestOf: text)
    }

    /// The first of this name, this name with `-2`, with `-3`... that `isTaken` does not refuse.
    public func unique(isTaken: (EntityName) -> Bool) -> EntityName {
        var candidate = self
        var count = 2
        while isTaken(candidate) {
            let suffix = "-\(count)"
            candidate = EntityName(text.prefix(64 - suffix.utf8.count) + suffix) ?? candidate
            count += 1
        }
        return candidate
    }
}
