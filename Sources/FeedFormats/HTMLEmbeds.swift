/// Players in frames whose page is known, so that a link can stand where the frame was: one list.
enum HTMLEmbeds {
    struct Page: Equatable {
        /// What it plays: "Video" or "Audio".
        var kind: String
        /// The address of a page that shows it.
        var address: String
    }

    /// The page of the player at `address`, which is absolute; `nil` when its host is not known.
    static func page(of address: String) -> Page? {
        guard let parts = AddressParts(address), let host = parts.authority else { return nil }
        let path = parts.path.split(separator: "/").map(String.init)
        let bare = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        switch bare {
        case "youtube.com", "youtube-nocookie.com", "m.youtube.com": return youtube(path, parts.query)
        case "player.vimeo.com":
            guard path.count == 2, path[0] == "video", isIdentifier(path[1]) else { return nil }
            // A video that is not listed needs its key.
            let key = value("h", in: parts.query).map { "/" + $0 } ?? ""
            return Page(kind: "Video", address: "https://vimeo.com/\(path[1])\(key)")
        case "dailymotion.com":
            guard path.count == 3, path[0] == "embed", isIdentifier(path[2]) else { return nil }
            return Page(kind: "Video", address: "https://www.dailymotion.com/video/\(path[2])")
        case "geo.dailymotion.com":
            return value("video", in: parts.query).map {
                Page(kind: "Video", address: "https://www.dailymotion.com/video/\($0)")
            }
        case "embed.ted.com": return Page(kind: "Video", address: "https://www.ted.com" + parts.path)
        case "open.spotify.com":
            let shown = path.first == "embed" ? "/" + path.dropFirst().joined(separator: "/") : parts.path
            return Page(kind: "Audio", address: "https://open.spotify.com" + shown)
        default:
            if videoHosts.contains(bare) { return Page(kind: "Video", address: address) }
            return audioHosts.contains(bare) ? Page(kind: "Audio", address: address) : nil
        }
    }

    private static func youtube(_ path: [String], _ query: String?) -> Page? {
        guard path.count >= 2, ["embed", "v", "shorts", "live"].contains(path[0]) else { return nil }
        if let list = value("list", in: query), path[1] == "videoseries" {
            return Page(kind: "Video", address: "https://www.youtube.com/playlist?list=\(list)")
        }
        guard isIdentifier(path[1]) else { return nil }
        return Page(kind: "Video", address: "https://www.youtube.com/watch?v=\(path[1])")
    }

    /// The value of a parameter, if it is an identifier.
    private static func value(_ name: String, in query: String?) -> String? {
        guard let query else { return nil }
        for pair in query.split(separator: "&").prefix(32) {
            guard pair.hasPrefix(name + "=") else { continue }
            let value = String(pair.dropFirst(name.utf8.count + 1))
            return isIdentifier(value) ? value : nil
        }
        return nil
    }

    private static func isIdentifier(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...64).contains(bytes.count)
            && bytes.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D || $0 == 0x5F }
    }

    /// Players whose own address is the best there is.
    private static let videoHosts: Set<String> = [
        "player.twitch.tv", "clips.twitch.tv", "fast.wistia.net", "fast.wistia.com", "players.brightcove.net",
        "streamable.com", "rumble.com", "odysee.com", "archive.org", "cdn.jwplayer.com", "content.jwplatform.com",
        "video.wordpress.com", "videopress.com", "tiktok.com", "arte.tv", "bbc.com", "bbc.co.uk", "c-span.org",
        "player.pbs.org", "kickstarter.com", "loom.com", "bitchute.com", "peertube.tv",
    ]

    private static let audioHosts: Set<String> = [
        "w.soundcloud.com", "bandcamp.com", "embed.podcasts.apple.com", "npr.org", "player.simplecast.com",
        "widget.spreaker.com", "mixcloud.com", "playlist.megaphone.fm", "embed.acast.com", "podbean.com",
    ]
}
