/// Every operation once more, written to be read: what it computes, in double precision, one loop per axis.
///
/// These are the oracles of the fast paths and are never part of a served pass. Activations are row-major, without a batch axis.
public enum Reference {}
