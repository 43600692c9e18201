#!/bin/sh
# host.sh N FOLDER REPOSITORY - inside the namespaces of host N: puts the files of deploy/ha to the places where their first lines say they
# belong (in an /etc of this host's own), and then lives as long as the host.
set -eu
n=$1 folder=$2 ha=$3/deploy/ha
hostname "db$n"
mkdir -p "$folder/etc" "$folder/etc.work" "$folder/lib" "$folder/lib.work" "$folder/postgresql" "$folder/etcd" "$folder/log"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc.work" /etc
mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$folder/lib,workdir=$folder/lib.work" /var/lib
mount -t tmpfs tmpfs /run
mount --bind "$folder/postgresql" /var/lib/postgresql
mount --bind "$folder/etcd" /var/lib/etcd
mount -t tmpfs tmpfs /var/log/nginx
mkdir -p /run/postgresql /etc/sauda /etc/ssl/sauda /etc/patroni
rm -rf /var/lib/sauda
mkdir -m 700 /var/lib/sauda
chown postgres: /run/postgresql /var/lib/postgresql
chown etcd: /var/lib/etcd
chown nobody: /var/lib/sauda
chmod 700 /var/lib/etcd
rm -f /etc/nginx/sites-enabled/*
cp "$ha/host$n.env" /etc/default/etcd
cat "$ha/host$n.env" "$ha/passwords.env" >/etc/patroni_env.conf
cp "$ha/patroni.yml" /etc/patroni/config.yml
cp "$ha/haproxy.cfg" /etc/haproxy/haproxy.cfg
cp "$ha/nginx.conf" /etc/nginx/sites-enabled/sauda
cp "$ha/sauda.conf" /etc/sauda/sauda.conf
cp "$folder/../fullchain.pem" "$folder/../privkey.pem" /etc/ssl/sauda/
: >"$folder/ready"
while :; do                             # as the first process of this host it must bury what dies on it
    sleep 1
done
