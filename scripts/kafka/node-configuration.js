/**
 * The server.properties of one node, which is both broker and controller.
 * `nodes`: all of them, `{id, port, controllerPort}`, on 127.0.0.1; `listeners`: further ones of this
 * node, `{name, protocol, port}`; `overrides`: last word.
 */
export function serverProperties({ node, nodes, logDir, listeners = [], overrides }) {
  const replicas = Math.min(nodes.length, 3);
  const inSync = Math.min(replicas, 2);
  const plain = { name: 'PLAINTEXT', protocol: 'PLAINTEXT', port: node.port };
  const controller = { name: 'CONTROLLER', protocol: 'PLAINTEXT', port: node.controllerPort };
  const clientListeners = [plain, ...listeners];
  return toProperties({
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map((n) => `${n.id}@127.0.0.1:${n.controllerPort}`).join(),
    listeners: addresses([...clientListeners, controller]),
    'advertised.listeners': addresses(clientListeners),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [...clientListeners, controller]
      .map(({ name, protocol }) => `${name}:${protocol}`)
      .join(),
    'log.dirs': logDir,

    // A topic that was deleted must not come back because a client asked for its metadata.
    'auto.create.topics.enable': false,

    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,

    // Waiting for more members, for a good-bye, or for the next look at what to compact, only makes
    // tests slow.
    'group.initial.rebalance.delay.ms': 0,
    'controlled.shutdown.enable': false,
    'log.cleaner.backoff.ms': 250,
    ...overrides,
  });
}

function addresses(listeners) {
  return listeners.map(({ name, port }) => `${name}://127.0.0.1:${port}`).join();
}

function toProperties(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
