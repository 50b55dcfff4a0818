// Says whether Roster's schema, given as a file, composes with badges.graphql: `node compose.js schema.graphql`
import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { typeDefs } from './badges.js';

const roster = readFileSync(process.argv[2], 'utf8');
const { errors } = composeServices([
  { name: 'roster', typeDefs: parse(roster) },
  { name: 'badges', typeDefs: parse(typeDefs) },
]);
for (const error of errors ?? []) console.error(error.message);
process.exit(errors?.length ? 1 : 0);
