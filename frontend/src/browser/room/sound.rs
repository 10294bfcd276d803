//! How loud a microphone is, a tone to hear, and one to send.

use super::devices;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, HtmlAudioElement, MediaStream, MediaStreamAudioDestinationNode, MediaStreamTrack,
};

/// How long the tone lasts, in seconds.
const TONE: f64 = 1.2;

/// Listens to a microphone.
pub(crate) struct Level {
    context: AudioContext,
    analyser: AnalyserNode,
}

impl Level {
    pub(crate) fn of(stream: &MediaStream) -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(1024);
        context.create_media_stream_source(stream)?.connect_with_audio_node(&analyser)?;
        // A context made without a gesture may sleep.
        let _ = context.resume();
        Ok(Self { context, analyser })
    }

    /// From 0, silence, to 100, as loud as it gets.
    pub(crate) fn now(&self) -> f64 {
        let mut samples = [0.0_f32; 1024];
        self.analyser.get_float_time_domain_data(&mut samples);
        let loudest = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        // The ear counts in ratios: -60 dB is silence.
        let decibels = 20.0 * f64::from(loudest.max(0.0001)).log10();
        ((decibels + 60.0) / 60.0 * 100.0).clamp(0.0, 100.0)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let _ = self.context.close();
    }
}

/// Plays a soft tone, through that loudspeaker. Tells whether another one had to do.
pub(crate) async fn tone(loudspeaker: &str) -> Result<bool, JsValue> {
    let context = AudioContext::new()?;
    let outlet = context.create_media_stream_destination()?;
    let player = HtmlAudioElement::new()?;
    player.set_src_object(Some(&outlet.stream()));
    let replaced = match devices::route(&player, loudspeaker) {
        Some(routed) => JsFuture::from(routed).await.is_err(),
        None => false,
    };
    JsFuture::from(player.play()?).await?;
    let (tone, volume) = (context.create_oscillator()?, context.create_gain()?);
    let now = context.current_time();
    tone.frequency().set_value(440.0);
    volume.gain().set_value_at_time(0.0001, now)?;
    volume.gain().exponential_ramp_to_value_at_time(0.2, now + 0.05)?;
    volume.gain().exponential_ramp_to_value_at_time(0.0001, now + TONE)?;
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&outlet)?;
    tone.start()?;
    tone.stop_with_when(now + TONE)?;
    Ok(replaced)
}

/// A tone that nobody hears, to be sent.
pub(crate) struct Tone {
    context: AudioContext,
    outlet: MediaStreamAudioDestinationNode,
}

impl Tone {
    pub(crate) fn new() -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        // A context made without a gesture may sleep.
        let _ = context.resume();
        let (tone, outlet) = (context.create_oscillator()?, context.create_media_stream_destination()?);
        tone.connect_with_audio_node(&outlet)?;
        tone.start()?;
        Ok(Self { context, outlet })
    }

    pub(crate) fn track(&self) -> Option<MediaStreamTrack> {
        devices::first(&self.outlet.stream(), false)
    }
}

impl Drop for Tone {
    fn drop(&mut self) {
        let _ = self.context.close();
    }
}
