import struct FoundationEssentials.Data
import class FoundationEssentials.JSONDecoder

/// Texts of JSON: which reader's a text is, is seen from its members.
enum JSONFile {
    static func read(_ bytes: [UInt8]) throws(ImportError) -> ImportedState {
        let start = bytes.prefix(4096).drop { $0 <= 0x20 || $0 >= 0x80 }
        if start.first == UInt8(ascii: "<") {
            throw ImportError(.feedList, "it is XML: a list of feeds at best, which says nothing of articles")
        }
        guard start.first == UInt8(ascii: "{") else {
            throw ImportError(.unknownFormat, "it is no file of a reader that is known here")
        }
        // A document, or a document a line.
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch let error as ImportError {
            throw error
        } catch {
            return try lines(bytes)
        }
        return try state(of: document)
    }

    private static func state(of document: Document) throws(ImportError) -> ImportedState {
        if let items = document.items { return try collected(items, .freshrss) { $0.mark } }
        if let entries = document.entries { return try collected(entries, .miniflux) { $0.mark } }
        if let line = document.line { return try collected([line], .jsonl) { $0.mark } }
        throw ImportError(
            .unknownFormat, "it has neither 'items' nor 'entries', and so is of no reader that is known here")
    }

    static func collected<Item>(
        _ items: [Item?], _ source: ImportSource, mark: (Item) -> ImportedMark
    ) throws(ImportError) -> ImportedState {
        var state = ImportedState(source)
        for item in items {
            guard let value = item else {
                state.damaged += 1
                continue
            }
            try state.add(mark(value))
        }
        return state
    }

    private static func lines(_ bytes: [UInt8]) throws(ImportError) -> ImportedState {
        var state = ImportedState(.jsonl)
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy({ $0 <= 0x20 }) {
            if Task.isCancelled { throw ImportError(.cancelled, "it was not read to its end") }
            guard line.count <= 1 << 20, let value = try? decoder.decode(MarkLine.self, from: Data(line)) else {
                state.damaged += 1
                continue
            }
            try state.add(value.mark)
        }
        guard state.entries > 0 else { throw ImportError(.damaged, "it is no JSON, or ends in the middle") }
        return state
    }

    /// A document of any of the readers.
    private struct Document: Decodable {
        var items: [GoogleReaderFile.Item?]?
        var entries: [MinifluxEntry?]?
        var line: MarkLine?

        private enum Key: String, CodingKey {
            case items, entries
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            if members.contains(.items) {
                items = try members.decode(LenientList<GoogleReaderFile.Item>.self, forKey: .items).values
            } else if members.contains(.entries) {
                entries = try members.decode(LenientList<MinifluxEntry>.self, forKey: .entries).values
            } else {
                line = try? MarkLine(from: decoder)
            }
        }
    }
}

/// A list of which an element may be damaged without harm to the others, and which may not be too long.
struct LenientList<Value: Decodable>: Decodable {
    /// The elements; `nil` for a damaged one.
    var values: [Value?] = []

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        while !list.isAtEnd {
            guard values.count < StateImport.maximumEntries else {
                throw ImportError(.tooLarge, "it has more than \(StateImport.maximumEntries) articles")
            }
            if Task.isCancelled { throw ImportError(.cancelled, "it was not read to its end") }
            values.append(try list.decode(Element.self).value)
        }
    }

    private struct Element: Decodable {
        var value: Value?

        init(from decoder: any Decoder) { value = try? Value(from: decoder) }
    }
}

/// An entry as Miniflux's interface gives it.
struct MinifluxEntry: Decodable {
    struct Feed: Decodable {
        var feed_url: String?
    }

    var status: String
    var url: String
    var title: String?
    var starred: Bool?
    var feed: Feed?

    var mark: ImportedMark {
        ImportedMark(
            feed: feed?.feed_url, guid: nil, url: url, title: title, isRead: status == "read", isSaved: starred ?? false
        )
    }
}

/// A mark in our own form.
struct MarkLine: Decodable {
    var feed: String?
    var guid: String?
    var url: String?
    var title: String?
    var read: Bool?
    var saved: Bool?

    private enum Key: String, CodingKey {
        case feed, guid, url, title, read, saved
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        feed = try members.decodeIfPresent(String.self, forKey: .feed)
        guid = try members.decodeIfPresent(String.self, forKey: .guid)
        url = try members.decodeIfPresent(String.self, forKey: .url)
        title = try members.decodeIfPresent(String.self, forKey: .title)
        read = try members.decodeIfPresent(Bool.self, forKey: .read)
        saved = try members.decodeIfPresent(Bool.self, forKey: .saved)
        guard guid != nil || url != nil, read != nil || saved != nil else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no mark"))
        }
    }

    var mark: ImportedMark {
        ImportedMark(feed: feed, guid: guid, url: url, title: title, isRead: read ?? false, isSaved: saved ?? false)
    }
}
