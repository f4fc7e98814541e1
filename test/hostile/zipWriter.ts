import { crc32, deflateRawSync } from 'node:zlib';

/** A member, and what its headers say that is not so. */
export interface Member {
  readonly name: string;
  readonly bytes: Buffer;
  readonly localName?: string;
  readonly deflate?: boolean;
  readonly flags?: number;
  readonly crc?: number;
  readonly method?: number;
  readonly statedSize?: number;
}

/** A zip archive of these members; `shift` is added to the places that the directory states. */
export function zip(members: readonly Member[], shift = 0): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const stored = member.deflate === true ? deflateRawSync(member.bytes) : member.bytes;
    const local = localHeader(member, stored.length);
    directory.push(centralHeader(member, stored.length, at + shift));
    parts.push(local, stored);
    at += local.length + stored.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at + shift, 16);
  return Buffer.concat([...parts, central, end]);
}

function facts(member: Member, target: Buffer, at: number, length: number): void {
  target.writeUInt16LE(member.flags ?? 0, at);
  target.writeUInt16LE(member.method ?? (member.deflate === true ? 8 : 0), at + 2);
  target.writeUInt32LE(member.crc ?? crc32(member.bytes), at + 8);
  target.writeUInt32LE(length, at + 12);
  target.writeUInt32LE(member.statedSize ?? member.bytes.length, at + 16);
}

function localHeader(member: Member, length: number): Buffer {
  const name = Buffer.from(member.localName ?? member.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  facts(member, header, 6, length);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function centralHeader(member: Member, length: number, offset: number): Buffer {
  const name = Buffer.from(member.name);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  facts(member, header, 8, length);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

/** A tar archive of one block of header a member. */
export function tar(members: readonly { name: string; bytes: Buffer; kind?: string }[]): Buffer {
  const parts = members.map(({ name, bytes, kind = '0' }) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write('0000644\0', 100);
    head.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('        ', 148);
    head.write(kind, 156);
    head.write('ustar\x0000', 257, 'latin1');
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
