//! Before the room: checking one's devices.
