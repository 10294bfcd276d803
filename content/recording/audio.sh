#!/bin/sh
# Usage : sh audio.sh DOSSIER   (écrit DOSSIER/appel.ogg et affiche l’instant de chaque réplique ; voir README.md)
set -eu
out=$1; mkdir -p "$out"; cd "$out"
: > list.txt; at=0
add() { # fichier : l’ajoute au montage et dit à quel instant il commence
  printf "file '%s'\n" "$1" >> list.txt
  d=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$1")
  printf '%s %s %s\n' "$1" "$at" "$d"
  at=$(echo "$at $d" | awk '{print $1+$2}')
}
silence() { ffmpeg -v error -y -f lavfi -i anullsrc=r=22050:cl=mono -t "$1" "s$1.wav"; add "s$1.wav"; }
say() { # nom, voix, hauteur, débit, texte
  espeak-ng -v "$2" -p "$3" -s "$4" -g 3 -w "raw-$1.wav" "$5"
  ffmpeg -v error -y -i "raw-$1.wav" -af "silenceremove=start_periods=1:start_threshold=-50dB,areverse,silenceremove=start_periods=1:start_threshold=-50dB,areverse,$6,loudnorm=I=-20:TP=-3" -ar 22050 -ac 1 "$1.wav"
  add "$1.wav"; silence 0.4
}
agent() { say "$1" fr+Annie 52 150 "$2" "lowpass=f=6500,bass=g=2"; }
usager() { say "$1" fr+m3 34 146 "$2" "highpass=f=280,lowpass=f=3400"; } # une voix de téléphone
ffmpeg -v error -y -f lavfi -i "sine=frequency=440:sample_rate=22050:duration=0.9" -af "volume=0.35,afade=t=in:d=0.05,afade=t=out:st=0.8:d=0.1" ring.wav
add ring.wav; silence 0.6; add ring.wav; silence 0.4
agent 1 "Maison France Services de Valbrune, Claire Martin, bonjour."
usager 2 "Bonjour madame. C'est pour ma retraite. Sur l'ordinateur, je suis perdu."
agent 3 "Je vous écoute. Vous voulez voir votre relevé de carrière, ou faire votre demande ?"
usager 4 "Le relevé. Il manque deux années."
agent 5 "Si je comprends bien, il manque deux années à votre relevé. Je vous propose jeudi, à dix heures."
usager 6 "Jeudi, c'est bien."
agent 7 "Apportez vos bulletins de salaire de ces deux années. Et gardez vos mots de passe pour vous."
usager 8 "D'accord. Merci beaucoup !"
agent 9 "À jeudi, monsieur."
ffmpeg -v error -y -f concat -safe 0 -i list.txt -c:a libopus -b:a 32k -application voip appel.ogg
ffprobe -v error -show_entries format=duration,size -of default=nw=1 appel.ogg
