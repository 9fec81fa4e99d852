// GRDB's conversions are written for Foundation's Data, which on Linux is FoundationEssentials' own.
import GRDB

import struct FoundationEssentials.Data

typealias FoundationData = FoundationEssentials.Data
