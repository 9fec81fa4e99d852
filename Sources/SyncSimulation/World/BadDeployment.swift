import ReferenceServer
import SyncCore
import SyncProtocol

import struct FoundationEssentials.Data

/// What a bad deployment does to the server for a while: it misreads the contexts of consents and subscriptions, and so
/// refuses what it should take, as `seenAhead`, the one reason that may be held against an opt-out that can be read.
///
/// The server under test is not altered, but the requests that it gets: what a change had seen is no part of what it says,
/// so that the refusal on record is good when the same change is sent again.
struct BadDeployment {
    private var dice: Dice
    /// In so many of 1,000 pushes of opt-outs a bad deployment begins.
    var rate = 0
    /// Pushes until it is mended.
    private var left = 0

    init(seed: UInt64) {
        dice = Dice(seed, "deployment")
    }

    /// The server is as it should be.
    mutating func mend() { (rate, left) = (0, 0) }

    /// The request as the server reads it.
    mutating func read(_ request: ServerRequest) -> ServerRequest {
        guard rate > 0, request.path == Route.sync, Self.mayConcern(request.body),
            var message = try? WireCodec.decode(SyncRequest.self, from: request.body), message.push.failures.isEmpty
        else { return request }
        if left == 0 {
            guard message.push.elements.contains(where: \.isOptOut), dice.chance(rate) else {
                return request
            }
            left = dice.within(1...10)
        }
        left -= 1
        for index in message.push.elements.indices where message.push.elements[index].isConsent {
            message.push.elements[index].seen = SeenContext(through: message.cursor.sequence + 1_000)
        }
        guard let body = try? WireCodec.encode(message) else { return request }
        var misread = request
        misread.body = body
        return misread
    }

    /// Whether there may be something to refuse: few requests have it, and reading one whole takes long.
    private static func mayConcern(_ body: Data) -> Bool {
        names.contains { name in body.withUnsafeBytes { $0.firstRange(of: name) != nil } }
    }

    private static let names = [Array("\"subscribed\"".utf8), Array("\"wording\"".utf8)]
}

extension WireChange {
    /// Whether it gives a consent or a subscription, or takes one back.
    fileprivate var isConsent: Bool { field == .consent || field == .subscribed }

    /// Whether it takes one back.
    fileprivate var isOptOut: Bool { value.isOptOut(field) }
}
