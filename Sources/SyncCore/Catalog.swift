/// A publisher's house: the space in which guids and article numbers are unique.
public struct Publication: Hashable, Sendable {
    /// Its id.
    public var id: EntityName
    /// Its number on the server: how state messages name it.
    public var number: UInt32
    /// Its name.
    public var title: String
    /// Its home page.
    public var siteURL: String?
    /// Its language, as a BCP 47 tag.
    public var language: String?
    /// Its icon.
    public var iconURL: String?

    /// Makes a publication.
    public init(
        id: EntityName, number: UInt32, title: String, siteURL: String? = nil, language: String? = nil,
        iconURL: String? = nil
    ) {
        self.id = id
        self.number = number
        self.title = title
        self.siteURL = siteURL
        self.language = language
        self.iconURL = iconURL
    }
}

/// One of a publication's feeds: all articles, a kicker, a section or a region. An article may be in several.
public struct Feed: Hashable, Sendable {
    /// Its id, unique on the server.
    public var id: EntityName
    /// Whose feed it is.
    public var publication: EntityName
    /// Its title.
    public var title: String
    /// Where the server reads it from.
    public var url: String?

    /// Makes a feed.
    public init(id: EntityName, publication: EntityName, title: String, url: String? = nil) {
        self.id = id
        self.publication = publication
        self.title = title
        self.url = url
    }
}

/// A newsletter on offer.
public struct Newsletter: Hashable, Sendable {
    /// Its id.
    public var id: EntityName
    /// Its name.
    public var title: String
    /// What is in it.
    public var summary: String
    /// How often it can be had; never empty, the first is the default.
    public var cadences: [Cadence]

    /// Makes a newsletter.
    public init(id: EntityName, title: String, summary: String, cadences: [Cadence]) {
        self.id = id
        self.title = title
        self.summary = summary
        self.cadences = cadences
    }
}

/// The words under which a consent is asked for. A grant counts only for the wording in force.
public struct ConsentWording: Hashable, Sendable {
    /// What the switch says in the form.
    public enum Polarity: String, Hashable, Sendable {
        /// Ticked means yes.
        case optIn
        /// Ticked means no: stored as what it means, not as the box's state.
        case optOut
    }

    /// The purpose: `brandOffers` or `partnerOffers`.
    public var purpose: EntityName
    /// The version of the text.
    public var version: String
    /// The text.
    public var text: String
    /// The digest of the text.
    public var hash: String
    /// The version of the privacy policy in force.
    public var policyVersion: String
    /// The version of the general terms in force.
    public var termsVersion: String
    /// What the switch means.
    public var polarity: Polarity

    /// Makes a wording; its hash follows from its text.
    public init(
        purpose: EntityName, version: String, text: String, policyVersion: String, termsVersion: String,
        polarity: Polarity = .optIn
    ) {
        self.purpose = purpose
        self.version = version
        self.text = text
        self.hash = Digest128(hashing: text.utf8).description
        self.policyVersion = policyVersion
        self.termsVersion = termsVersion
        self.polarity = polarity
    }

    /// What a consent under this wording records.
    public func terms(surface: String) -> ConsentTerms {
        ConsentTerms(
            wordingVersion: version, wordingHash: hash, policyVersion: policyVersion, termsVersion: termsVersion,
            surface: surface)
    }
}

/// Everything of the catalog that is small: sent whole when it changes.
public struct Library: Hashable, Sendable {
    /// Names this state of the library; opaque.
    public var version: String
    /// The publications, by id.
    public var publications: [Publication]
    /// The feeds, by id.
    public var feeds: [Feed]
    /// The newsletters on offer, by id.
    public var newsletters: [Newsletter]
    /// The wordings in force, by purpose.
    public var wordings: [ConsentWording]

    /// Makes a library.
    public init(
        version: String, publications: [Publication], feeds: [Feed], newsletters: [Newsletter],
        wordings: [ConsentWording]
    ) {
        self.version = version
        self.publications = publications
        self.feeds = feeds
        self.newsletters = newsletters
        self.wordings = wordings
    }
}

/// What the server alone knows of a reader: set there, shown here.
public struct Account: Hashable, Sendable {
    /// What became of a subscription.
    public enum Delivery: String, Hashable, Sendable, CaseIterable {
        /// The mail that asks for confirmation is on its way.
        case pendingConfirmation
        /// Confirmed, mails are sent.
        case active
        /// Mails come back.
        case bounced
    }

    /// Names this state of the account; opaque.
    public var version: String
    /// The reader's name on the server.
    public var name: String
    /// What became of each subscription that the server knows of.
    public var deliveries: [EntityName: Delivery]
    /// What the reader's devices are called, by the identities of their replicas. A device has several where its replica
    /// took a new identity; two devices may have one name.
    public var devices: [ReplicaID: String]

    /// Most identities in ``devices``.
    public static let maximumDevices = 256
    /// Longest name of a device, in bytes.
    public static let maximumDeviceNameBytes = 128

    /// Makes an account.
    public init(
        version: String, name: String, deliveries: [EntityName: Delivery], devices: [ReplicaID: String] = [:]
    ) {
        self.version = version
        self.name = name
        self.deliveries = deliveries
        self.devices = devices
    }

    /// Whether a device can be called so: 1 to ``maximumDeviceNameBytes`` bytes, no control characters.
    public static func isDeviceName(_ text: String) -> Bool {
        (1...maximumDeviceNameBytes).contains(text.utf8.count) && text.unicodeScalars.allSatisfy { !$0.isControl }
    }
}

/// One entry of a publication's article history.
public enum CatalogEntry: Hashable, Sendable {
    /// An article, new or corrected.
    case article(Article)
    /// An article now appears in these feeds; nothing else changed.
    case feeds(number: UInt64, [EntityName])
    /// The publisher took an article back.
    case removed(number: UInt64)
}

/// How far a publication's history goes, and which history it is.
public struct CatalogHead: Hashable, Sendable {
    /// The publication.
    public var publication: EntityName
    /// The history's random generation; another one means that indexes count anew.
    public var generation: String
    /// How many entries there are.
    public var count: UInt64
    /// The chained hash over all of them.
    public var hash: Digest128

    /// Makes a head.
    public init(publication: EntityName, generation: String, count: UInt64, hash: Digest128) {
        self.publication = publication
        self.generation = generation
        self.count = count
        self.hash = hash
    }
}

/// A run of a publication's history that a replica holds: entries from...(to-1), with the chained hashes at both
/// ends. A new device holds the newest run first and grows it downwards.
public struct CatalogRange: Hashable, Sendable {
    /// Index of the first entry.
    public var from: UInt64
    /// Index after the last entry.
    public var to: UInt64
    /// The chained hash before the first entry.
    public var fromHash: Digest128
    /// The chained hash after the last entry.
    public var toHash: Digest128

    /// Makes a range.
    public init(from: UInt64, to: UInt64, fromHash: Digest128, toHash: Digest128) {
        self.from = from
        self.to = to
        self.fromHash = fromHash
        self.toHash = toHash
    }
}

/// A piece of a publication's history as it came from a remote, verified against itself: `hashes[i]` is the
/// chained hash before entry `from + i`, and the last one the hash after the last entry.
public struct CatalogPage: Hashable, Sendable {
    /// Entries in one closed tile.
    public static let tileSize: UInt64 = 128

    /// The publication.
    public var publication: EntityName
    /// The history's generation.
    public var generation: String
    /// Index of the first entry.
    public var from: UInt64
    /// The entries in order. `nil` stands for one that this version cannot read; it is skipped and counted.
    public var entries: [CatalogEntry?]
    /// Chained hashes, one more than entries.
    public var hashes: [Digest128]

    /// Makes a page.
    public init(
        publication: EntityName, generation: String, from: UInt64, entries: [CatalogEntry?], hashes: [Digest128]
    ) {
        self.publication = publication
        self.generation = generation
        self.from = from
        self.entries = entries
        self.hashes = hashes
    }

    /// Index after the last entry.
    public var to: UInt64 { from + UInt64(entries.count) }

    /// The part of the page from `index` on; the whole page if it begins later.
    public func dropping(below index: UInt64) -> CatalogPage {
        guard index > from else { return self }
        let count = Int(min(index, to) - from)
        return CatalogPage(
            publication: publication, generation: generation, from: from + UInt64(count),
            entries: Array(entries.dropFirst(count)), hashes: Array(hashes.dropFirst(count)))
    }

    /// The run of history that this page covers.
    public var range: CatalogRange? {
        guard let first = hashes.first, let last = hashes.last, hashes.count == entries.count + 1 else { return nil }
        return CatalogRange(from: from, to: to, fromHash: first, toHash: last)
    }
}

extension EntityName: Codable {
    /// Decodes a name; refuses what is not one.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let name = EntityName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a name has 1 to 64 characters of A-Z a-z 0-9 . _ -")
        }
        self = name
    }

    /// Encodes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
