// The same design as express/server.js on the fastest server of that ecosystem, with the schemas it asks for: they compile its
// serializer and validate what comes in.
// Usage: node server.js PORT WORKERS USERS
const cluster = require('node:cluster');

const [port, workers, known] = process.argv.slice(2).map(Number);

if (cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on('exit', () => cluster.fork());
  process.on('SIGTERM', () => process.exit(0));
} else {
  const users = [];
  for (let id = 0; id < known; id++) users.push({ id, name: `Bench ${id}`, email: `bench-${id}@example.com` });

  const text = { type: 'string' };
  const user = { type: 'object', properties: { id: { type: 'integer' }, name: text, email: text } };
  const body = { type: 'object', required: ['name', 'email'], properties: { name: text, email: text } };
  const app = require('fastify')();
  app.get('/users/:id', { schema: { response: { 200: user } } }, (request, reply) => {
    const found = users[Number(request.params.id)];
    if (found === undefined) return reply.code(404).send({ error: 'User not found' });
    reply.send(found);
  });
  app.post('/users', { schema: { body, response: { 201: user } } }, (request, reply) => {
    const made = { id: users.length, name: request.body.name, email: request.body.email };
    users.push(made);
    reply.code(201).send(made);
  });
  app.get('/livez', (request, reply) => reply.send('ok'));
  app.listen({ port, host: '127.0.0.1' });
}
