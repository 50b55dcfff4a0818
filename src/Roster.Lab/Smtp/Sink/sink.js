// A mail server that takes everything, keeps it, and can be told to misbehave. Started by SmtpSink.
//
// What a recipient's local part begins with decides what happens to mails for it:
//   deferred-  452, the first time         refused-   550, at RCPT          spam-     554, behind the mail
//   greylist-  451, the first time, behind the mail    slow-  answered late     closing-  421, the first time
//   cut-       the connection ends in the middle of the mail, the first time
//   lost-      the mail is kept, and the connection ends before the answer, the first time
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { SMTPServer } = createRequire(process.argv[2] + '/')('smtp-server');
const settings = JSON.parse(process.env.SMTP_SINK);
const seen = new Set();

const first = address => !seen.has(address) && seen.add(address);
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
const kindOf = address => address.split('-')[0];
const keep = (session, raw) => appendFileSync(settings.file, JSON.stringify({
  from: session.envelope.mailFrom.address,
  to: session.envelope.rcptTo.map(recipient => recipient.address),
  user: session.user ?? null,
  secure: session.secure,
  raw: raw.toString('base64'),
}) + '\n');

const server = new SMTPServer({
  authOptional: !settings.user,
  allowInsecureAuth: true,
  disabledCommands: settings.startTls ? [] : ['STARTTLS'],
  hideSMTPUTF8: !settings.smtpUtf8,
  disableReverseLookup: true,
  closeTimeout: 100,
  onConnect(session, done) {
    done(settings.turnsAway ? refuse(421, 'not now') : null);
  },
  onAuth(auth, session, done) {
    const known = auth.username === settings.user && auth.password === settings.password;
    done(known ? null : refuse(535, 'no such account'), known ? { user: auth.username } : undefined);
  },
  onRcptTo({ address }, session, done) {
    switch (kindOf(address)) {
      case 'deferred': return done(first(address) ? refuse(452, 'later') : null);
      case 'closing': return done(first(address) ? refuse(421, 'closing') : null);
      case 'refused': return done(refuse(550, 'no such mailbox'));
      default: return done();
    }
  },
  onData(stream, session, done) {
    const address = session.envelope.rcptTo[0].address;
    const kind = kindOf(address);
    const hangUp = () => [...server.connections].find(connection => connection.session === session)._socket.destroy();
    const isFirst = first(address + '/data');
    const parts = [];
    stream.on('data', part => {
      parts.push(part);
      if (kind === 'cut' && isFirst) {
        hangUp();
      }
    });
    stream.on('end', () => {
      if (kind === 'cut' && isFirst) {
        return;
      }

      if (kind === 'spam' || (kind === 'greylist' && isFirst)) {
        done(refuse(kind === 'spam' ? 554 : 451, kind === 'spam' ? 'looks like spam' : 'come again'));
        return;
      }

      keep(session, Buffer.concat(parts));
      if (kind === 'lost' && isFirst) {
        hangUp();
      } else {
        setTimeout(done, kind === 'slow' ? settings.slowness : settings.pause);
      }
    });
  },
});
server.on('error', error => console.error(error.message));
server.listen(settings.port, '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
