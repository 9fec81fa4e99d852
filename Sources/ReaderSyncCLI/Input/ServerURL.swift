/// Addresses of servers on the command line.
enum ServerURL {
    /// The address without a slash at its end.
    static func checked(_ text: String) throws -> String {
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        let lower = url.lowercased()
        let rest = ["https://", "http://"].first { lower.hasPrefix($0) }.map { url.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.hasPrefix("/"), url.utf8.count <= 2_048,
            !url.unicodeScalars.contains(where: {
                $0.value <= 0x20 || $0.value == 0x7F || $0 == "?" || $0 == "#"
            }),
            !rest.prefix(while: { $0 != "/" }).contains("@")
        else {
            throw CommandFailure.usage(
                "'\(text)' is not the address of a server",
                remedy: "give it as https://HOST or http://HOST:PORT")
        }
        return url
    }

    /// Whether what is sent there can be read on the way.
    static func isInTheClear(_ url: String) -> Bool {
        let lower = url.lowercased()
        guard lower.hasPrefix("http://") else { return false }
        let authority = lower.dropFirst(7).prefix { $0 != "/" }
        if authority.hasPrefix("[::1]") { return false }
        let host = authority.prefix { $0 != ":" }
        let isLocal =
            host == "localhost"
            || host.hasPrefix("127.") && host.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
        return !isLocal
    }
}
