//! The one UDP socket: datagrams received in batches, sent in runs.

use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use std::io::{self, ErrorKind, IoSliceMut};
use std::net::SocketAddr;

/// What the kernel may keep for us either way, in bytes: a keyframe for some hundred viewers.
const KERNEL_BUFFER: usize = 8 << 20;

/// The socket and what the kernel can do for it.
#[derive(Debug)]
pub struct Socket {
    pub inner: UdpSocket,
    state: UdpSocketState,
}

/// Where datagrams are received.
#[derive(Debug)]
pub struct Batch {
    buffers: [Vec<u8>; BATCH_SIZE],
    metas: [RecvMeta; BATCH_SIZE],
    count: usize,
}

impl Socket {
    /// Binds.
    ///
    /// # Errors
    /// Where the port is taken or not allowed.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let inner = UdpSocket::bind(address)?;
        let state = UdpSocketState::new(UdpSockRef::from(&inner))?;
        // The kernel may grant less (net.core.rmem_max): that is its last word.
        let _ = state.set_send_buffer_size(UdpSockRef::from(&inner), KERNEL_BUFFER);
        let _ = state.set_recv_buffer_size(UdpSockRef::from(&inner), KERNEL_BUFFER);
        Ok(Self { inner, state })
    }

    /// Room for what is received in one go.
    pub fn batch(&self) -> Batch {
        let size = 1500 * self.state.gro_segments();
        let buffers = std::array::from_fn(|_| vec![0; size]);
        Batch { buffers, metas: [RecvMeta::default(); BATCH_SIZE], count: 0 }
    }

    /// How many packets one send may carry.
    pub fn run_length(&self) -> usize {
        self.state.max_gso_segments()
    }

    /// Sends packets of `size` bytes each, the last of which may be shorter.
    ///
    /// # Errors
    /// Where the kernel takes no more, or the address cannot be reached: the packets are lost, as on any line.
    pub fn send(&self, packets: &[u8], size: usize, to: SocketAddr) -> io::Result<()> {
        let segment_size = (packets.len() > size).then_some(size);
        let transmit = Transmit { destination: to, ecn: None, contents: packets, segment_size, src_ip: None };
        self.state.try_send(UdpSockRef::from(&self.inner), &transmit)
    }
}

impl Batch {
    /// Receives what is there. Gives whether anything was.
    ///
    /// # Errors
    /// Where the socket itself fails.
    pub fn fill(&mut self, socket: &Socket) -> io::Result<bool> {
        let mut slices = self.buffers.each_mut().map(|buffer| IoSliceMut::new(buffer));
        self.count = 0;
        match socket.state.recv(UdpSockRef::from(&socket.inner), &mut slices, &mut self.metas) {
            Ok(count) => self.count = count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            // An earlier send met a closed port: that is not this socket's end.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {}
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// The datagrams of the last receiving, each with whom it is from.
    pub fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        self.metas.iter().zip(&self.buffers).take(self.count).flat_map(|(meta, buffer)| {
            let received = buffer.get(..meta.len).unwrap_or_default();
            received.chunks(meta.stride.max(1)).map(|datagram| (meta.addr, datagram))
        })
    }
}
