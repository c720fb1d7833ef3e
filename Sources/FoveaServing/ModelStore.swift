/// The serving room.
