import ssh2 from 'ssh2';

/** A pair of keys. One in some two hundred that ssh2 makes is one that ssh2 itself cannot read. */
export function makeSshKey(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
