// The tutorial's scaled-up monolith: Express in cluster mode, users in an array in memory, each worker its own. An id is its
// user's place in the array, so a look-up by id is the fastest that the design has. Nothing is durable, nothing is shared.
// Usage: node server.js PORT WORKERS USERS
const cluster = require('node:cluster');

const [port, workers, known] = process.argv.slice(2).map(Number);

if (cluster.isPrimary) {
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on('exit', () => cluster.fork());
  process.on('SIGTERM', () => process.exit(0));
} else {
  const express = require('express');
  const users = [];
  for (let id = 0; id < known; id++) users.push({ id, name: `Bench ${id}`, email: `bench-${id}@example.com` });

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json());
  app.get('/users/:id', (request, response) => {
    const user = users[Number(request.params.id)];
    if (user === undefined) return response.status(404).json({ error: 'User not found' });
    response.json(user);
  });
  app.post('/users', (request, response) => {
    const user = { id: users.length, name: request.body.name, email: request.body.email };
    users.push(user);
    response.status(201).json(user);
  });
  app.get('/livez', (request, response) => response.send('ok'));
  app.listen(port, '127.0.0.1');
}
