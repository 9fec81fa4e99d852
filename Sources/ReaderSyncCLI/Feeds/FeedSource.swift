import FeedFormats
import FeedSession
import Glibc
import SystemPorts

import struct FoundationEssentials.Data

/// A feed as a person names it: an address, a file, or `-` for standard input.
enum FeedSource {
    case address(String)
    case file(String)
    case standardInput

    /// What `text` names. An address has a scheme, or looks like a host and is no file.
    init(_ text: String) throws {
        let lower = text.lowercased()
        guard !text.isEmpty else {
            throw CommandFailure.usage("nothing is named", remedy: "give a feed's address, a file, or -")
        }
        if text == "-" {
            self = .standardInput
        } else if lower.hasPrefix("feed:") || lower.contains("://") {
            guard ["http://", "https://", "feed:"].contains(where: { lower.hasPrefix($0) }) else {
                throw CommandFailure.usage(
                    "'\(text)' is not an address that feeds are fetched from",
                    remedy: "give it as https://HOST/PATH, or name a file")
            }
            guard !lower.contains("://") || FeedNaming.host(of: lower) != nil else {
                throw CommandFailure.usage("'\(text)' names no host", remedy: "give it as https://HOST/PATH")
            }
            self = .address(text)
        } else if access(text, F_OK) == 0 || !Self.looksLikeHost(text) {
            self = .file(text)
        } else {
            self = .address(text)
        }
    }

    /// Endings of files, none of which is a top-level domain.
    private static let endings = ["xml", "rss", "atom", "rdf", "json", "opml", "txt", "html", "htm", "cdf"]

    private static func looksLikeHost(_ text: String) -> Bool {
        let host = text.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        guard host.contains("."), !host.hasPrefix("."),
            host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" })
        else { return false }
        return !endings.contains { host.lowercased().hasSuffix("." + $0) }
    }

    /// All bytes of a file or of standard input.
    static func bytes(of path: String?, limit: Int) throws -> Data {
        guard let path else { return try Data(FileText.bytes(STDIN_FILENO, named: "standard input", limit: limit)) }
        guard let bytes = try FileText.bytes(path, limit: limit) else {
            throw CommandFailure(.notFound, "noFile", "there is no file \(path)")
        }
        return Data(bytes)
    }
}
