export const DEFAULT_PORT = 8990;

/** Prometheus keeps some series a campaign. */
export const DEFAULT_METRICS_CAMPAIGNS = 100;
