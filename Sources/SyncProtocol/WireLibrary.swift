public import SyncCore

/// The library as it travels.
public struct WireLibrary: Hashable, Sendable {
    /// Names this state.
    public var version: String
    /// The publications.
    public var publications: [Publication]
    /// The feeds.
    public var feeds: [Feed]
    /// The newsletters.
    public var newsletters: [Newsletter]
    /// The wordings in force.
    public var wordings: [ConsentWording]

    /// Makes the message of a library.
    public init(_ library: Library) {
        version = library.version
        publications = library.publications
        feeds = library.feeds
        newsletters = library.newsletters
        wordings = library.wordings
    }

    /// The library.
    public var library: Library {
        Library(
            version: version, publications: publications, feeds: feeds, newsletters: newsletters,
            wordings: wordings)
    }
}

extension WireLibrary: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        version = try members.read("version")
        publications = try members.read("publications")
        feeds = try members.read("feeds")
        newsletters = try members.read("newsletters")
        wordings = try members.read("wordings")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("feeds", feeds)
            writer.member("newsletters", newsletters)
            writer.member("publications", publications)
            writer.member("version", version)
            writer.member("wordings", wordings)
        }
    }
}

/// The account as it travels.
public struct WireAccount: Hashable, Sendable {
    /// Names this state.
    public var version: String
    /// The reader's name.
    public var name: String
    /// Newsletter to delivery status; words of a later version are skipped.
    public var deliveries: [String: String]
    /// The identity of a replica to the name of its device; `nil` from a server that does not tell, or knows of none.
    public var devices: [String: String]?

    /// Makes the message of an account.
    public init(_ account: Account) {
        version = account.version
        name = account.name
        deliveries = Dictionary(
            uniqueKeysWithValues: account.deliveries.map { ($0.key.text, $0.value.rawValue) })
        devices =
            account.devices.isEmpty
            ? nil
            : Dictionary(uniqueKeysWithValues: account.devices.map { ($0.key.description, $0.value) })
    }

    /// The account.
    public var account: Account {
        var known: [EntityName: Account.Delivery] = [:]
        for (name, status) in deliveries {
            if let name = EntityName(name), let status = Account.Delivery(rawValue: status) { known[name] = status }
        }
        return Account(version: version, name: name, deliveries: known, devices: namedDevices)
    }

    /// The devices that can be named; of too many, those whose identities come first.
    private var namedDevices: [ReplicaID: String] {
        var known: [ReplicaID: String] = [:]
        for (identity, name) in (devices ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard known.count < Limits.accountDevices else { break }
            guard let replica = ReplicaID(identity), Account.isDeviceName(name) else { continue }
            known[replica] = name
        }
        return known
    }
}

extension WireAccount: WireMessage {
    /// Reads the message.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        version = try members.read("version")
        name = try members.read("name")
        deliveries = try members.read("deliveries")
        devices = try members.readIfPresent("devices")
    }

    /// Writes the message.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("deliveries", deliveries)
            writer.member("devices", devices)
            writer.member("name", name)
            writer.member("version", version)
        }
    }
}

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
