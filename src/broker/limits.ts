/**
 * Limits on all that comes from outside, in one place. Where Kafka has a setting for the same
 * thing it is named; the values suit one machine.
 */

/** socket.request.max.bytes: one frame. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024;
/** What all connections together may have us hold: requests half read and responses not taken. */
export const MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024;
/** fetch.max.bytes: one fetch response, whatever the consumer asks for. */
export const MAX_FETCH_BYTES = 16 * 1024 * 1024;
/** max.connections */
export const MAX_CONNECTIONS = 1000;
/** connections.max.idle.ms: no byte in either direction. */
export const IDLE_CONNECTION_MS = 600_000;
/** Silence in the middle of a frame, which no sound client keeps. */
export const HALF_FRAME_MS = 30_000;
/** Elements of one array in a request. */
export const MAX_ARRAY_LENGTH = 100_000;
/** The longest that a fetch may wait for records. */
export const MAX_FETCH_WAIT_MS = 300_000;

export const MAX_TOPICS = 1000;
/** Of all topics together. */
export const MAX_PARTITIONS = 10_000;
export const MAX_TOPIC_NAME_LENGTH = 249;

export const MAX_GROUPS = 1000;
export const MAX_GROUP_ID_LENGTH = 249;
/** group.max.size */
export const MAX_GROUP_MEMBERS = 500;
/** Ways to assign partitions that one member knows; clients send one to three. */
export const MAX_MEMBER_PROTOCOLS = 100;
/** Of a client's id or an instance's, in the member id that is made of it. */
export const MAX_MEMBER_NAME_LENGTH = 255;
/** All that the members of one group declare and are assigned. */
export const MAX_MEMBER_BYTES = 1024 * 1024;
/** group.min.session.timeout.ms and group.max.session.timeout.ms, as in Kafka. */
export const MIN_SESSION_TIMEOUT_MS = 6000;
export const MAX_SESSION_TIMEOUT_MS = 1_800_000;
/** offset.metadata.max.bytes, as in Kafka. */
export const MAX_OFFSET_METADATA_LENGTH = 4096;

/** Records that a compressed batch may unpack to, where one of its timestamps is looked up. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
