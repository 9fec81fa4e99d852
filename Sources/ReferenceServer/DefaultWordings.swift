import SyncCore

/// The wordings that a new server starts with, so that consents can be asked for at once.
enum DefaultWordings {
    static var all: [ConsentWording] {
        let texts = [
            ("brandOffers", "Yes, send me offers from our other brands."),
            ("partnerOffers", "Yes, send me offers on behalf of trusted partners."),
        ]
        return texts.compactMap { purpose, text in
            EntityName(purpose).map {
                ConsentWording(purpose: $0, version: "1", text: text, policyVersion: "1", termsVersion: "1")
            }
        }
    }
}
