import ReferenceServer
import SyncCore

// What the publisher and the server's operator do.
extension World {
    func publish(_ step: Step, _ dice: inout Dice) {
        guard let store = server.store, server.isUp else { return }
        let now = server.clock.now()
        trace.note(.publish, UInt64(publisher.count), text: "\(step)")
        do {
            switch step {
            case .publish:
                // Now and then a whole issue of the magazine comes out.
                let count = dice.chance(120) ? dice.within(20...80) : dice.within(1...6)
                try publisher.add(count, to: store, at: now, &dice)
            case .correct: try publisher.correct(in: store, at: now, &dice)
            case .withdraw: try publisher.withdraw(from: store, at: now, &dice)
            case .newsletter: try publisher.turnNewsletter(in: store, at: now, &dice)
            case .wording: try publisher.turnWording(in: store, at: now, &dice)
            default: try deliver(in: store, &dice)
            }
        } catch {
            // A server that was put back does not know of all that the publisher did.
            if (error as? ServerError)?.code == .notFound || (error as? ServerError)?.code == .exists { return }
            if !server.expectsFailures, !server.disk.isCrashed { report(.error, "\(step): \(error)") }
        }
    }

    private func deliver(in store: SQLiteServerStore, _ dice: inout Dice) throws {
        guard let text = dice.pick(Publisher.newsletterNames), let newsletter = EntityName(text),
            let status = dice.pick(Account.Delivery.allCases)
        else { return }
        try store.setDelivery(status, of: newsletter, for: Nursery.name(dice.below(scenario.readers)))
    }
}
