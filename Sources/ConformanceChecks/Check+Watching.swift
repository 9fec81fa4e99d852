import SyncCore
import SyncPorts
import SyncProtocol

/// Waiting for news (§5). A server may have no such path.
extension Check {
    static let watching: [Check] = [
        Check("watch", "§5", "gives a token at once: the same while nothing happens, another after a change") { talk in
            let first = try await talk.watch("")
            let second = try await talk.watch("")
            try require(first == second, "two tokens with nothing in between differ")
            let waited = try await talk.watch("?after=\(first)&wait=0")
            try require(waited == first, "wait=0 brought another token")
            var replica = try await talk.replica()
            _ = try await talk.sync(&replica, push: [try talk.mark(&replica)])
            let third = try await talk.watch("?after=\(first)")
            try require(third != first, "a change left the token as it was")
        },
        Check("watch-wakes", "§5", "answers who waits once something happens") { talk in
            let token = try await talk.watch("")
            let waiting = talk
            var replica = try await talk.replica()
            let push = [WireChange(try talk.mark(&replica), reference: { _ in nil })]
            let request = replica.request(push)
            async let news = Conversation.watched(waiting, "?after=\(token)&wait=30")
            let answer = try talk.read(try await talk.post(Route.sync, request), as: SyncResponse.self)
            talk.head = answer.cursor
            try require(try await news != token, "waited for nothing")
        },
        Check("watch-refused", "§5, §9", "refuses a token over watchTokenBytes, and who has no right to wait") { talk in
            _ = try await talk.watch("")
            let long = String(repeating: "a", count: Limits.watchTokenBytes + 1)
            try talk.expect(.malformed, try await talk.send("GET", Route.watch + "?after=" + long))
            try talk.expect(.malformed, try await talk.send("GET", Route.watch + "?wait=soon"))
            try talk.expect(.unauthorized, try await talk.send("GET", Route.watch, as: .none))
        },
    ]
}

extension Conversation {
    /// A token of the watch.
    fileprivate mutating func watch(_ query: String) async throws -> String {
        let answer = try await send(
            "GET", Route.watch + query, within: .seconds(Limits.watchSeconds + 10))
        if answer.status == Problem.Code.notFound.status { throw CheckEnd.notTested("the server has no such path") }
        if answer.status == Problem.Code.busy.status { throw CheckEnd.notTested("nobody may wait here now") }
        let token = try read(answer, as: WatchResponse.self).token
        try require(!token.isEmpty, "an empty token")
        return token
    }

    /// A token of the watch, asked for beside other requests.
    fileprivate static func watched(_ talk: Conversation, _ query: String) async throws -> String {
        var talk = talk
        return try await talk.watch(query)
    }
}
