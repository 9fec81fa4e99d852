/// The five components of an address (RFC 3986 §3), undecoded.
struct AddressParts {
    var scheme: String?
    var authority: String?
    var path: String
    var query: String?
    var fragment: String?

    /// Longest address taken, in bytes; longer ones are data in disguise.
    static let maximumBytes = 8192

    /// Splits `text` (RFC 3986 appendix B). `nil` when it is longer than ``maximumBytes``.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        var bytes = Self.cleaned(text)
        scheme = Self.takeScheme(&bytes)
        if let at = bytes.firstIndex(of: UInt8(ascii: "#")) {
            fragment = Self.string(bytes[(at + 1)...])
            bytes.removeSubrange(at...)
        }
        if let at = bytes.firstIndex(of: UInt8(ascii: "?")) {
            query = Self.string(bytes[(at + 1)...])
            bytes.removeSubrange(at...)
        }
        if scheme == nil || scheme == "http" || scheme == "https" {
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\\") {
                bytes[index] = UInt8(ascii: "/")
            }
        }
        if bytes.starts(with: "//".utf8) {
            // Browsers skip any further slash before a host.
            if scheme == nil || scheme == "http" || scheme == "https" {
                let extra = bytes[2...].prefix { $0 == UInt8(ascii: "/") }.count
                bytes.removeSubrange(2..<2 + extra)
            }
            let end = bytes[2...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
            authority = Self.string(bytes[2..<end])
            bytes.removeSubrange(..<end)
        }
        path = Self.string(bytes[...])
    }

    /// Whether the scheme is `http` or `https`.
    var isHierarchicalWeb: Bool { scheme == "http" || scheme == "https" }

    /// The address written out (RFC 3986 §5.3).
    var text: String {
        var out = ""
        if let scheme { out += scheme + ":" }
        if let authority { out += "//" + authority }
        out += path
        if let query { out += "?" + query }
        if let fragment { out += "#" + fragment }
        return out
    }

    /// `http:/host/path` and `http:host/path` mean `http://host/path` when there is nothing to be relative to.
    mutating func adoptAuthorityFromPath() {
        let bare = path.drop { $0 == "/" }
        let end = bare.firstIndex(of: "/") ?? bare.endIndex
        authority = String(bare[..<end])
        path = String(bare[end...])
    }

    /// RFC 3986 §5.2.2 for a reference without a scheme. `nil` when the base is not absolute.
    func resolved(against base: AddressParts) -> AddressParts? {
        guard base.scheme != nil else { return nil }
        var target = self
        target.scheme = base.scheme
        if authority != nil {
            target.path = Self.removingDotSegments(path)
            return target
        }
        // An opaque base ("mailto:", "urn:") has nothing to be relative to but its own fragments.
        guard base.authority != nil || base.path.hasPrefix("/") else {
            guard path.isEmpty, query == nil, fragment != nil else { return nil }
            target.path = base.path
            target.query = base.query
            return target
        }
        target.authority = base.authority
        if path.isEmpty {
            target.path = base.path
            target.query = query ?? base.query
        } else if path.hasPrefix("/") {
            target.path = Self.removingDotSegments(path)
        } else {
            target.path = Self.removingDotSegments(Self.merged(base, path))
        }
        return target
    }

    /// Host in small letters, no default port, an empty web path as `/`, dot segments removed.
    func normalised() -> AddressParts {
        var result = self
        guard isHierarchicalWeb, let authority else { return result }
        let hostStart =
            authority.lastIndex(of: "@").map { authority.index(after: $0) } ?? authority.startIndex
        var host = authority[hostStart...].lowercased()
        for port in [":", scheme == "http" ? ":80" : ":443"] where host.hasSuffix(port) {
            host.removeLast(port.count)
        }
        result.authority = authority[..<hostStart] + host
        result.path = path.isEmpty ? "/" : Self.removingDotSegments(path)
        return result
    }

    /// RFC 3986 §5.2.3.
    private static func merged(_ base: AddressParts, _ path: String) -> String {
        if base.authority != nil, base.path.isEmpty { return "/" + path }
        guard let slash = base.path.lastIndex(of: "/") else { return path }
        return base.path[...slash] + path
    }

    /// RFC 3986 §5.2.4, by segments.
    static func removingDotSegments(_ path: String) -> String {
        guard
            CleanText.contains(path, "/.") || CleanText.contains(path, "/%2") || path.hasPrefix(".")
                || path.hasPrefix("%2")
        else { return path }
        let absolute = path.hasPrefix("/")
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(
            absolute ? 1 : 0)
        var kept: [Substring] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment.lowercased() {
            case ".", "%2e":
                if isLast { kept.append("") }
            case "..", ".%2e", "%2e.", "%2e%2e":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default:
                kept.append(segment)
            }
        }
        return (absolute ? "/" : "") + kept.joined(separator: "/")
    }

    /// Without tabs, line breaks and controls; surrounding blanks trimmed; what could end an attribute or a line
    /// percent-encoded.
    private static func cleaned(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        CleanText.withBytes(of: text) { CleanText.append($0, to: &bytes) }
        bytes.removeAll { $0 < 0x20 }
        while bytes.last == 0x20 { bytes.removeLast() }
        let start = bytes.firstIndex { $0 != 0x20 } ?? bytes.endIndex
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in bytes[start...] {
            switch byte {
            case 0x20, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"):
                out += [UInt8(ascii: "%"), hex(byte >> 4), hex(byte & 15)]
            default: out.append(byte)
            }
        }
        return out
    }

    private static func takeScheme(_ bytes: inout [UInt8]) -> String? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), let first = bytes.first, isLetter(first),
            bytes[..<colon].allSatisfy({
                isLetter($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0)
            })
        else { return nil }
        let scheme = string(bytes[..<colon]).lowercased()
        bytes.removeSubrange(...colon)
        return scheme
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x41 + nibble - 10 }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
