// A second subgraph: badges of users that are Roster's. It knows their ids and nothing else of them.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

export const typeDefs = readFileSync(new URL('badges.graphql', import.meta.url), 'utf8');

/** Starts it. `badges` is an array of `{ name, userId }`. */
export async function startBadges(badges, port) {
  const shown = badge => ({ name: badge.name, holder: { __typename: 'User', id: badge.userId } });
  const resolvers = {
    Query: { badge: (_, { name }) => badges.filter(badge => badge.name === name).map(shown)[0] ?? null },
    User: { badges: user => badges.filter(badge => badge.userId === user.id).map(shown) },
  };
  const server = new ApolloServer({ schema: buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers }) });
  return (await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } })).url;
}
