/// When the publisher wants the feed to be fetched: `ttl`, `skipHours` and `skipDays` of RSS 2.0, and the syndication
/// module of RSS 1.0 (<https://web.resource.org/rss/1.0/modules/syndication/>).
extension SyndicationReader {
    /// `sy:updatePeriod`, in milliseconds.
    enum UpdatePeriod: Int64 {
        case hourly = 3_600_000
        case daily = 86_400_000
        case weekly = 604_800_000
        case monthly = 2_592_000_000
        case yearly = 31_536_000_000

        init?(_ text: String) {
            switch CleanText.line(text).lowercased() {
            case "hourly": self = .hourly
            case "daily": self = .daily
            case "weekly": self = .weekly
            case "monthly": self = .monthly
            case "yearly": self = .yearly
            default: return nil
            }
        }
    }

    /// `ttl` is in minutes; more than a year of them is nonsense.
    func closeLifetime(_ text: String) {
        guard let minutes = Int64(CleanText.line(text)), (1...527_040).contains(minutes) else { return }
        draft.feed.hints.lifetime = minutes * 60_000
    }

    func closeSyndication(_ name: String, text: String) {
        switch name {
        case "updateperiod": updatePeriod = UpdatePeriod(text)
        case "updatefrequency": updateFrequency = min(max(Int(CleanText.line(text)) ?? 1, 1), 10_000)
        default: return
        }
        guard let updatePeriod else { return }
        draft.feed.hints.lifetime = max(updatePeriod.rawValue / Int64(updateFrequency), 60_000)
    }

    /// 24 is another way to write 0.
    func closeHour(_ text: String) {
        guard let hour = Int(CleanText.line(text)), (0...24).contains(hour) else { return }
        draft.feed.hints.skippedHours.insert(hour % 24)
    }

    func closeDay(_ text: String) {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        guard let day = days.firstIndex(of: String(CleanText.line(text).lowercased().prefix(3))) else { return }
        draft.feed.hints.skippedDays.insert(day)
    }
}
