public import SyncCore

extension Author: WireMessage {
    /// Reads an author.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            name: try members.read("name"), url: try members.readIfPresent("url"),
            bio: try members.readIfPresent("bio"))
    }

    /// Writes an author.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("bio", bio)
            writer.member("name", name)
            writer.member("url", url)
        }
    }
}

extension LeadImage: WireMessage {
    /// Reads an image.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            url: try members.read("url"), caption: try members.readIfPresent("caption"),
            credit: try members.readIfPresent("credit"), alt: try members.readIfPresent("alt"))
    }

    /// Writes an image.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("alt", alt)
            writer.member("caption", caption)
            writer.member("credit", credit)
            writer.member("url", url)
        }
    }
}

extension Enclosure: WireMessage {
    /// Reads an enclosure.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(
            url: try members.read("url"), type: try members.readIfPresent("type"),
            length: try members.readIfPresent("length"))
    }

    /// Writes an enclosure.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("length", length)
            writer.member("type", type)
            writer.member("url", url)
        }
    }
}

extension RelatedArticle: WireMessage {
    /// Reads a reference.
    public init(from node: JSONNode) throws(WireError) {
        let members = try node.members()
        self.init(url: try members.read("url"), id: try members.readIfPresent("id"))
    }

    /// Writes a reference.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id)
            writer.member("url", url)
        }
    }
}
