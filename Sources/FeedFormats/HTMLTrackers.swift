/// Counters that come as images of any size: one list, by where they come from.
enum HTMLTrackers {
    /// Whether `address`, which is absolute and `http` or `https`, is one of them.
    static func contains(_ address: String) -> Bool {
        CleanText.withBytes(of: address) { bytes in
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 3 <= bytes.count else { return false }
            let start = colon + 3
            let authorityEnd = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
            var hostStart = start
            if let at = bytes[start..<authorityEnd].lastIndex(of: UInt8(ascii: "@")) { hostStart = at + 1 }
            let hostEnd = bytes[hostStart..<authorityEnd].firstIndex(of: UInt8(ascii: ":")) ?? authorityEnd
            let host = bytes[hostStart..<hostEnd]
            let path = bytes[authorityEnd...].prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
            if host.starts(with: "pixel.".utf8) { return true }
            return entries.contains { $0.matches(host: host, path: path) }
        }
    }

    private typealias Part = Slice<UnsafeBufferPointer<UInt8>>

    private struct Entry {
        /// The host or, after a dot, any host under it; empty for every host.
        var host: [UInt8]
        /// What the path starts with or, for every host, ends with.
        var path: [UInt8]

        init(host: String, path: String = "") {
            self.host = Array(host.utf8)
            self.path = Array(path.utf8)
        }

        func matches(host: Part, path: Part) -> Bool {
            guard let first = self.host.first else { return Self.ends(path, with: self.path) }
            let isHost =
                first == UInt8(ascii: ".")
                ? Self.ends(host, with: self.host) || host.elementsEqual(self.host.dropFirst())
                : host.count == self.host.count && host.elementsEqual(self.host)
            return isHost && path.starts(with: self.path)
        }

        private static func ends(_ part: Part, with end: [UInt8]) -> Bool {
            part.count >= end.count && part.last == end.last && part.suffix(end.count).elementsEqual(end)
        }
    }

    private static let entries = [
        // Feed services: counters and the rows of "share this" buttons.
        Entry(host: "feeds.feedburner.com", path: "/~"), Entry(host: ".feedsportal.com"),
        Entry(host: ".pheedo.com"), Entry(host: "rss.feedblitz.com", path: "/t"),
        Entry(host: "counter.theconversation.com"),
        // Blog hosts.
        Entry(host: "stats.wordpress.com"), Entry(host: "pixel.wp.com"), Entry(host: "stats.wp.com"),
        Entry(host: "feeds.wordpress.com", path: "/1.0/"),
        Entry(host: "medium.com", path: "/_/stat"), Entry(host: "eotrx.substackcdn.com", path: "/open"),
        // Advertising and audience measurement.
        Entry(host: ".doubleclick.net"), Entry(host: ".google-analytics.com"), Entry(host: ".googleadservices.com"),
        Entry(host: ".googlesyndication.com"), Entry(host: ".scorecardresearch.com"), Entry(host: ".quantserve.com"),
        Entry(host: ".imrworldwide.com"), Entry(host: "www.facebook.com", path: "/tr"),
        Entry(host: "bat.bing.com"), Entry(host: "px.ads.linkedin.com"), Entry(host: "analytics.twitter.com"),
        Entry(host: "t.co", path: "/i/adsct"), Entry(host: ".chartbeat.net"), Entry(host: ".statcounter.com"),
        Entry(host: ".hit.gemius.pl"),
        Entry(host: ".met.vgwort.de"),
        // Mailings that are a feed as well.
        Entry(host: ".list-manage.com", path: "/track/open"), Entry(host: "", path: "/wf/open"),
        // Counters that publishers run themselves.
        Entry(host: "", path: "/piwik.php"), Entry(host: "", path: "/matomo.php"), Entry(host: "", path: "/__utm.gif"),
    ]
}
