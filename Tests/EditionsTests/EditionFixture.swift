import Foundation
import FoundationXML
import SyncCore
import Testing
import Zip

@testable import Editions

/// Editions to write in tests.
enum EditionFixture {
    /// A picture of one dot, red.
    static let dot = Array(
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
            ?? Data())

    static func article(_ number: Int, _ html: String, section: String? = nil) throws -> Article {
        var article = Article(
            id: ArticleID(publication: "harbour", guid: "g\(number)"),
            publication: try #require(EntityName("harbour")), number: UInt64(number), guid: "g\(number)",
            headline: "Tide & <Table> \(number)", revision: 1, contentHash: .zero)
        article.url = "https://harbour.example/\(number)"
        article.section = section
        article.bodyHTML = html
        article.published = WallTime(milliseconds: 1_793_577_600_000)
        return article
    }

    static func edition(_ articles: [Article]) -> Edition {
        Edition(
            title: "Harbour & Sea", language: "en-GB", modified: WallTime(milliseconds: 1_793_577_601_999),
            entries: articles.map {
                Edition.Entry(id: $0.id, url: $0.url, headline: $0.headline, section: $0.section)
            })
    }

    /// The articles in the order in which an edition wants them.
    static func ordered(_ articles: [Article], in edition: Edition) -> [Article] {
        edition.entries.compactMap { entry in articles.first { $0.id == entry.id } }
    }

    static func epub(_ articles: [Article], images: [String: [UInt8]] = [:]) throws -> [UInt8] {
        let edition = edition(articles)
        var bytes: [UInt8] = []
        var writer = try EPUBWriter(edition, images: { images[$0] }, to: { bytes += $0 })
        for article in ordered(articles, in: edition) { try writer.add(article) }
        try writer.finish()
        #expect(writer.byteCount == bytes.count)
        return bytes
    }

    static func page(_ articles: [Article], images: [String: [UInt8]] = [:]) throws -> String {
        let edition = edition(articles)
        var bytes: [UInt8] = []
        var writer = try HTMLEditionWriter(edition, images: { images[$0] }, to: { bytes += $0 })
        for article in ordered(articles, in: edition) { try writer.add(article) }
        try writer.finish()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether bytes are well-formed XML.
    static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        XMLParser(data: Data(bytes)).parse()
    }
}

/// The files of an EPUB.
struct OpenedEPUB {
    let names: [String]
    private let contents: [String: [UInt8]]

    init(_ bytes: [UInt8]) throws {
        let reader = try ZipReader(bytes)
        names = reader.entries.map(\.name)
        contents = try Dictionary(
            uniqueKeysWithValues: reader.entries.map { ($0.name, try reader.content(of: $0, limit: 1 << 24)) })
    }

    func bytes(_ name: String) throws -> [UInt8] { try #require(contents[name]) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}
