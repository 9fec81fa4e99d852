public import SyncCore

extension Publication: WireMessage {
    /// Reads a publication.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            id: try members.read("id"), number: try members.read("number"), title: try members.read("title"),
            siteURL: try members.readIfPresent("siteURL"), language: try members.readIfPresent("language"),
            iconURL: try members.readIfPresent("iconURL"))
    }

    /// Writes a publication.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("iconURL", iconURL)
            writer.member("id", id)
            writer.member("language", language)
            writer.member("number", number)
            writer.member("siteURL", siteURL)
            writer.member("title", title)
        }
    }
}

extension Feed: WireMessage {
    /// Reads a feed.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            id: try members.read("id"), publication: try members.read("publication"),
            title: try members.read("title"), url: try members.readIfPresent("url"))
    }

    /// Writes a feed.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("publication", publication)
            writer.member("title", title)
            writer.member("url", url)
        }
    }
}

extension Newsletter: WireMessage {
    /// Reads a newsletter.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            id: try members.read("id"), title: try members.read("title"), summary: try members.read("summary"),
            cadences: try members.read("cadences"))
    }

    /// Writes a newsletter.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("cadences", cadences)
            writer.member("id", id)
            writer.member("summary", summary)
            writer.member("title", title)
        }
    }
}

extension ConsentWording: WireMessage {
    /// Reads a wording, with the hash that it comes with.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        let word = try members.read("polarity", as: String.self)
        guard let polarity = Polarity(rawValue: word) else {
            throw WireError(path: "polarity", "expected optIn or optOut")
        }
        self.init(
            purpose: try members.read("purpose"), version: try members.read("version"),
            text: try members.read("text"), policyVersion: try members.read("policyVersion"),
            termsVersion: try members.read("termsVersion"), polarity: polarity)
        hash = try members.read("hash")
    }

    /// Writes a wording.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("hash", hash)
            writer.member("polarity", polarity.rawValue)
            writer.member("policyVersion", policyVersion)
            writer.member("purpose", purpose)
            writer.member("termsVersion", termsVersion)
            writer.member("text", text)
            writer.member("version", version)
        }
    }
}
