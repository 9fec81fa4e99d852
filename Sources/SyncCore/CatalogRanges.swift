extension [CatalogRange] {
    /// The ranges with one more: runs that touch or overlap become one, the result ascends. The receiver must
    /// ascend without touching.
    ///
    /// - Complexity: O(n).
    public func inserting(_ range: CatalogRange) -> [CatalogRange] {
        var result: [CatalogRange] = []
        var joined = range
        var isPlaced = false
        for other in self {
            if other.to < joined.from {
                result.append(other)
            } else if other.from > joined.to {
                if !isPlaced {
                    result.append(joined)
                    isPlaced = true
                }
                result.append(other)
            } else {
                if other.from < joined.from { (joined.from, joined.fromHash) = (other.from, other.fromHash) }
                if other.to > joined.to { (joined.to, joined.toHash) = (other.to, other.toHash) }
            }
        }
        if !isPlaced { result.append(joined) }
        return result
    }
}
