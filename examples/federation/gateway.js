// Apollo's gateway over Roster and badges.js:
//   ROSTER=http://127.0.0.1:8080 ROSTER_KEY=rk_… PORT=4000 BADGES_PORT=4001 BADGES='[{"name":"founder","userId":"…"}]' node gateway.js
// It composes both schemas itself, and passes its own clients' Authorization on.
import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { startBadges } from './badges.js';

const { ROSTER, ROSTER_KEY, PORT, BADGES_PORT, BADGES } = process.env;
const badges = await startBadges(JSON.parse(BADGES ?? '[]'), Number(BADGES_PORT));

class Passing extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    if (context.authorization) request.http.headers.set('authorization', context.authorization);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: new IntrospectAndCompose({
    subgraphs: [{ name: 'roster', url: `${ROSTER}/graphql` }, { name: 'badges', url: badges }],
    introspectionHeaders: { authorization: `Bearer ${ROSTER_KEY}` },
  }),
  buildService: ({ url }) => new Passing({ url }),
});
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
console.log(`The gateway listens on ${url}`);
