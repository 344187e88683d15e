// The ranking with an invented class in it, as the page shows it.

/**
 * Adds `mine`, the invented class under the name `shown`, and cuts `top` to the first rows and that one, each with its rank. A class that is `edited` does not
 * compete with its own change: it is left out, and the others share its probability.
 */
export function rankTrial(answer, { shown, edited, most }) {
  const rows = (edited ? without(answer.top, edited) : answer.top).map((row, i) => ({ ...row, rank: i + 1 }));
  const found = rows.find(row => row.invented) ?? (answer.invented && { ...answer.invented, invented: true, unseen: true });
  const mine = found && { ...found, class: shown };
  const first = rows.slice(0, most).map(row => row.invented ? mine : row);
  return { ...answer, mine, top: mine && !first.includes(mine) ? [...first, mine] : first };
}

/** Probabilities are a softmax, so those of a ranking without a class are in the same proportion. */
function without(rows, name) {
  const others = rows.filter(row => row.class !== name);
  const sum = others.reduce((total, row) => total + row.probability, 0);
  return others.map(row => ({ ...row, probability: row.probability / sum }));
}
