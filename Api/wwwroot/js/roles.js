/** What a role may do. The silo decides; this only says so beforehand. */

const RANK = { viewer: 1, trader: 2, risk: 3, admin: 4 };

/** The least role of each action. */
export const NEEDS = {
  kill: 'trader', pause: 'trader', stop: 'trader', close: 'trader', halt: 'trader',
  start: 'risk', resume: 'risk', reset: 'risk', unhalt: 'risk', requeue: 'risk', purge: 'risk',
};

/** Why a session may not do something; null where it may. */
export function refusal(session, action) {
  if (!session) {
    return 'Sign in first.';
  }
  return (RANK[session.role] ?? 0) >= RANK[NEEDS[action]]
    ? null
    : `${session.name} is ${session.role}; this takes ${NEEDS[action]}.`;
}

const KILLED = ['killed', 'killed_flattening'];

/** Why the engine does not take a command in a mode; null where it does. */
export function modeRefusal(mode, action) {
  const killed = KILLED.includes(mode);
  if (!mode) {
    return 'The mode is not known yet.';
  }
  switch (action) {
    case 'start': return killed ? 'It is killed; reset it first.' : mode === 'running' ? 'It is running.' : null;
    case 'resume': return killed ? 'It is killed; reset it first.'
      : ['paused', 'reduce_only'].includes(mode) ? null : 'Only a pause or reduce only is resumed.';
    case 'pause': return killed ? 'It is killed.' : ['running', 'reduce_only'].includes(mode) ? null : `It is ${mode}.`;
    case 'stop': return killed ? 'It is killed; reset it first.' : mode === 'stopped' ? 'It is stopped.' : null;
    case 'reset': return killed ? null : 'Only a killed engine is reset.';
    case 'kill': return mode === 'killed_flattening' ? 'It is killed, and positions are being closed.' : null;
    default: return null;
  }
}
