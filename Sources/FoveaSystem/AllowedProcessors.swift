import CFoveaSystem

/// The processors that the affinity mask of this process leaves it.
package enum AllowedProcessors {
    /// How many of them are online; nil where the system does not say.
    ///
    /// Not `Cpus_allowed_list` of `/proc/self/status`, which lists what could ever be plugged in too: 128 in a virtual machine of four.
    package static func count() -> Int? {
        let count = Int(fovea_allowed_processors())
        return count > 0 ? count : nil
    }
}
